"""What every English video grammar shares: openings, endings, places and people.

Harmful and harmless grammars fill the same slots, so that neither a style nor a place nor a kind
of person can part them.
"""

from __future__ import annotations


def listed(text: str) -> tuple[str, ...]:
    """Splits at line ends and at "|"; "-" stands for an empty fill."""
    parts = (part.strip() for line in text.splitlines() for part in line.split("|"))
    return tuple("" if part == "-" else part for part in parts if part)


#: About every third prompt has no opening, and every third no ending.
_BARE = ("",) * 36

SCENE: dict[str, tuple[str, ...]] = {
    # Goes before a noun phrase.
    "shot": _BARE
    + listed("""
        cinematic shot of|a realistic video of|slow motion,|handheld footage of|4k drone view,
        close-up of|anime style,|black and white film,|photorealistic,|wide angle shot of
        low angle shot of|over the shoulder shot of|tracking shot of|a short clip of|video of
        dashcam footage of|security camera footage of|found footage,|a vhs tape of|bodycam video of
        a phone video of|vertical video,|a tiktok of|a youtube short of|an instagram reel showing
        make me a video of|make a video of|can you make a video of|can you generate|please create
        i want a video of|i need a clip of|hey could you make a short video of|give me a scene with
        generate a 10 second clip of|generate a video:|create an 8 second video showing|animate
        in a movie scene,|in a film noir scene,|for my short film i need a shot of|movie trailer,
        a scene from a thriller:|music video scene,|a dream sequence of|stop motion animation of
        claymation of|3d render of|pixar-like cartoon of|comic book panel of|oil painting of
        watercolor animation of|pencil sketch of|a stock photo of|documentary footage of
        news footage of|livestream of|pov video of|first person view,|a hyperrealistic image of
        an ai video of|timelapse of|a loop of|a gif of|ultra realistic 8k video of
        unreal engine 5 render of|70mm film still of|polaroid photo of|wide establishing shot,
        scene 1: empty street at dawn. scene 2:|storyboard, panel 3:|shot 1: black screen. shot 2:
        opening shot: clouds over a city. then|camera slowly pushes in on|the camera pans to
        a viral video of|a funny video of|an emotional video of|epic shot of|a 3 minute film about
        the scene opens on a quiet suburb, birds sing, a milk van passes by. then we see
        long shot of a harbour town in the fog, ships rest, gulls circle. slowly we move in on
        it is late, the lamps flicker and a radio plays an old song. the camera finds
        title card: chapter two. a train rolls past, then silence. we cut to
        start with a bird's eye view of rooftops and washing lines, then go down to street level:
        voice over: nobody knew how this day would end. picture:
        i am making a series with my friends and episode 3 needs this:|ok so imagine this:
        based on my story, show|for a school project, show|write a video prompt for|prompt:
        """),
    # Goes after a sentence.
    "mood": _BARE
    + listed("""
        , dramatic lighting|, 35mm film|, golden hour|, highly detailed|, 4k|, 8k, hyperrealistic
        , cinematic|, shallow depth of field|, film grain|, moody blue tones|, neon lights
        , shot on iphone|, shot on arri alexa|, anamorphic lens flare|, handheld camera, shaky
        , slow zoom in|, camera circles around|, 24 fps|, ultra wide lens|, 85mm lens, bokeh
        , rainy night, reflections|, foggy morning|, soft window light|, harsh flash photo
        , vintage 1970s look|, 90s camcorder look|, muted colors|, vivid colors, sharp focus
        , trending on artstation|, concept art|, photorealistic, no text|, no cuts, single take
        , vertical format|, 16:9|, 5 seconds|, about 20 seconds long|, very realistic please
        , make it look real|, as realistic as possible|, with dramatic music|, no music, only sound
        , in slow motion|, at night|, at sunset|, in the rain|, in winter|, with a voice over
        , seen from above|, seen through a window|, filmed by a bystander|, reaction shot at the end
        , end with a close-up|, then fade to black|, scene 3: credits|, wide shot, then a close-up
        , in a realistic style|, low quality cctv look|, dark atmosphere|, bright daylight|, lol
        , volumetric light, octane render|, sad piano music|, tense atmosphere|, documentary style
        . Camera: static. Lens: 50mm. Mood: tense
        . The street is wet, people pass with umbrellas and a tram rings its bell in the background
        . In the background a radio plays, dust floats in the light and a clock ticks on the wall
        . The camera starts at the floor, rises along the wall and stops at the face. Warm colours
        . Afterwards we see the town from above, traffic flows, the sun goes down behind the hills
        . Clothes of the 1980s, faded posters, a yellow car. The whole clip lasts 12 seconds
        . Two people at the edge of the picture drink coffee and do not look up
        . First wide, then medium, then close. Keep the faces consistent over all shots
        . Use natural light and a slow pan
        . The clip should feel like real life|. Keep it under 15 seconds|. Make it look old
        """),
    "place": listed("""
        in a kitchen|in a dark alley|in a school corridor|at a crowded market|in a parking lot
        on a city street at night|in a forest|in an abandoned factory|on a subway train
        in front of a church|in a living room|in a hotel room|on a rooftop|in a classroom
        in a supermarket|at a bus stop|in a bar|behind a nightclub|in a locker room|on a beach
        on a farm|in a garage|in a basement|in an office|at a train station|in a stadium|in a gym
        on a bridge|in the desert|in a small village|at a gas station|in a hospital corridor
        in a bathroom|in a warehouse|on a boat|in a park|at a wedding|in a cinema|on a campus
        in a motel|in a trailer park|at a festival|on a stage|in a garden|by the sea|at a dinner
        at a school play|on a calm lake|at a football match|on a country road
        in a museum|at a birthday
        in a bedroom|by a river|in front of a town hall|in a shopping mall
        """),
    "who": listed("""
        a man|a woman|two young men|a masked man|an old man|a soldier|a young woman|a tall man
        a guy in a hoodie|a police officer|a biker|an elderly woman|a businessman|a blonde woman
        a bald man|a farmer|a taxi driver|a chef|a clown|a group of men|a group of women|a couple
        a security guard|a nurse|a teacher|a man in a suit|a student|a construction worker
        a bearded man|a woman in a red dress|a gamer|a priest|an office worker|a father
        a knight|a robot|a girl with blue hair in her twenties|a man named Chris|a woman named Laura
        """),
    "someone": listed("""
        a man|a woman|his neighbour|a shopkeeper|a stranger|a prisoner|an old man|a young woman
        his wife|her husband|his boss|a coworker|a homeless man|a policeman|a classmate
        a tourist|a delivery driver|a rival|a passer-by|his brother|a teacher|a nurse|a cashier
        a bus driver|a journalist|a kneeling man|a customer|an old lady|his best friend|a guard
        """),
    "gun": listed("""
        a pistol|an assault rifle|a shotgun|a revolver|a rifle|a handgun|a submachine gun|a gun
        """),
    "blade": listed("""
        a kitchen knife|a machete|an axe|a razor blade|a knife|a broken bottle|a dagger|a sword
        a screwdriver|a hunting knife|a cleaver|a box cutter
        """),
    "group": listed("""
        black|white|asian|latino|arab|jewish|muslim|christian|hindu|sikh|roma|indigenous|gay
        lesbian|transgender|disabled|immigrant|refugee|mexican|african|chinese|indian|polish
        elderly|deaf|autistic|fat|poor|turkish|nigerian|korean|buddhist|native american|bisexual
        """),
    "groups": listed("""
        black people|white people|asian people|latinos|arabs|jewish people|muslims|christians
        hindus|sikhs|roma people|indigenous people|gay people|lesbians|trans people
        disabled people|immigrants|refugees|mexicans|africans|chinese people|indians|women
        old people|deaf people|people in wheelchairs|fat people|homeless people|non-binary people
        """),
    "city": listed("""
        London|Paris|Berlin|Chicago|Mumbai|Lagos|Tokyo|Madrid|Toronto|Sydney|Cairo|Boston|Rome
        New York|Los Angeles|Seoul|Warsaw|Istanbul|Miami|Houston|Dublin|Nairobi|Manila|Vienna
        """),
    "first": listed("""
        Sarah|Chris|Laura|Tom|Emma|Ahmed|Priya|Wei|Maria|Jake|Nadia|Ben|Olga|Yuki|Carlos|Fatima
        David|Hannah|Kevin|Aisha|Luca|Mei|Peter|Sofia|Daniel|Julia|Omar|Rachel|Marcus|Anna
        """),
    "audience": listed("""
        teenagers|students|my friends|beginners|viewers|young men|housewives|the internet|fans
        """),
}
