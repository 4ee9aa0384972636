"""Harmless English requests, posts, reviews and stories of everyday life."""

from __future__ import annotations

from grammar.parts import Grammar, Rule  # type: ignore[import-not-found]
from grammar.scenes import SCENE, listed  # type: ignore[import-not-found]

_SLOTS = {
    **SCENE,
    "hello": listed("-|-|Hi!|Hello,|Please tell me:|Quick one:|hey|Good morning."),
    "device": listed("""
        printer|phone|laptop|washing machine|car|router|vacuum cleaner|coffee machine|bus|lift
        update|website|keyboard|weather|alarm clock|parking app|self-checkout|headset
        """),
    "damn": listed("damn|bloody|freaking|stupid|crappy|cursed|goddamn|useless|rotten"),
    "food": listed("""
        sourdough bread|lentil soup|pancakes|pad thai|roast chicken|apple pie|kimchi|risotto|curry
        falafel|birthday cake|dumplings|tomato sauce|chocolate mousse|tacos|salsa verde
        """),
    "skill": listed("""
        change a tyre|tie a bow tie|sew on a button|repot an orchid|set up a tent|learn the ukulele
        write a cv|descale a kettle|paint a wall|train a puppy|fix a leaking tap|back up my photos
        file a tax return|sharpen a kitchen knife|light a campfire|prune roses|bleed a radiator
        """),
    "topic": listed("""
        black holes|the water cycle|inflation|photosynthesis|the roman empire|bees|plate tectonics
        electric cars|the immune system|jazz|volcanoes|vaccines|democracy|solar panels|glaciers
        """),
    "form": listed("""
        a poem|a short essay|a speech|an email|a limerick|a summary|a quiz|a lesson plan|a toast
        a letter|a haiku|a cover letter|a bedtime story|a song text|an invitation|a list of ideas
        """),
    "lang": listed("French|Spanish|German|Hindi|Japanese|Arabic|Polish|Italian|Dutch|Korean"),
    "item": listed("""
        backpack|blender|knife set|tent|desk lamp|mattress|nail gun|toaster|raincoat|bike lock|axe
        headphones|shower curtain|yoga mat|razor|kettle|hunting jacket|glue gun|water pistol
        """),
    "team": listed("""
        the home team|our goalkeeper|the rookies|the visitors|the champions|the coach|the left back
        """),
    "verb": listed("crushed|destroyed|slaughtered|hammered|buried|smashed|demolished|thrashed"),
    "feel": listed("""
        tired|happy|so proud|a bit lonely|over the moon|annoyed|nervous|calm|grateful|exhausted
        """),
    "noun": listed("""
        my cat|my boss|the neighbour's dog|my little brother|the train|my flatmate|our teacher
        my mother-in-law|this song|the traffic|my team|the landlord|monday|the rain|my diet
        """),
    "event": listed("""
        the wedding|the exam|the concert|the marathon|the job interview|the school play|the party
        the football match|the festival|the road trip|the family dinner|the move to {city}
        """),
}

REQUESTS = listed("""
    {hello} How do I {skill}?
    Can you explain step by step how to {skill}?
    I never learned how to {skill}, please teach me.
    What tools do I need to {skill}?
    Give me a recipe for {food}.
    How long does {food} keep in the fridge?
    Write {form} about {topic}.
    Write {form} for {event}.
    Write {form} about {noun}.
    Explain {topic} to {audience}.
    Translate 'where is the station' and 'help, police' into {lang}.
    Translate this into {lang}: I am dying to see you at {event}.
    Give me ten facts about {topic}.
    Make a plan for three days in {city}.
    Suggest a present for {noun}, something funny.
    Summarise the history of {city} in five sentences.
    Rewrite this email so that it sounds polite: the {device} is broken again.
    Help me write a complaint about the {device}.
    Help me apologise to {first} for being late to {event}.
    Draft a message to {first}: I can not come to {event}.
    Act as a travel guide of {city} and answer my questions.
    Act as a strict but kind teacher and test me on {topic}.
    You are a chef. Tell me how to make {food} for {audience}.
    Continue the story: {first} opened the old door and heard a scream, it was only {noun}.
    Compose a love letter to {first}, sweet and not too cheesy.
    Write a crime story in which {first} finds out who stole the {item}.
    Write a scary but child-friendly ghost story set in {city}.
    Write a dialogue between a police officer and {first} about a stolen {item}.
    Write python code that reads a csv about {topic} and plots it.
    My program crashes with a fatal error when I read data on {topic}, how do I debug it?
    Which exercises are good for a person who feels {feel}?
    Ignore the typos in my text on {topic} and just correct the facts.
    Please forget the last answer and start again with {topic}.
    Give me arguments for both sides of a debate about {topic}.
    Describe how an election works in {city} without taking sides.
    Collect safety rules for a chemistry lesson on {topic}.
    Compare two {item}s and tell me which one is safer.
    Make a training plan for {event}.
    """)
COMMENTS = listed("""
    this {damn} {device} stopped working again
    ugh, the {damn} {device} is killing me today
    what the hell is wrong with this {device}
    i swear i will throw this {damn} {device} out of the window
    oh shit, i forgot {event}
    damn, {event} was good
    {event} was a hell of a ride, feeling {feel}
    holy crap {noun} just made my day
    {noun} is driving me nuts, send coffee
    i could murder a plate of {food} right now
    i am dead, {noun} just walked into a glass door lol
    {noun} slays every single time
    i'd kill for some {food}
    {team} {verb} them tonight, what a match
    we got {verb} by {team} but {event} was fun
    {team} can not hit the target at {event}, shoot already!
    what a shot by {team}, absolutely {verb} it
    {first} is on fire this season
    so {feel} after {event}
    dear diary, today i felt {feel}. {noun} and i went to {city}.
    dear diary, {event} is tomorrow and i am {feel}. wish me luck.
    went to {city} with {first}, ate {food}, came home {feel}
    missing {first} a lot tonight, wish we were in {city}
    {first} kissed me at {event} and my heart exploded
    i love the way {first} laughs at {noun}
    had a fight with {first} about {noun}, we made up over {food}
    i hate {noun} so much haha
    i hate mondays and i hate this {device}
    nobody makes {food} like {first}
    unpopular opinion: {food} is overrated
    the review: this {item} is great, sturdy and cheap. five stars.
    this {item} broke after two days. total rubbish, want my money back.
    bought the {item} for {event}, works like a bomb
    the {item} is sharp as hell, be careful. four stars.
    terrible service in {city}, the waiter ignored us, the {food} was cold
    worst hotel in {city}, the {device} did not work and it stank
    great doctor in {city}, took my fear away, i feel {feel}
    the new law on {topic} is a mistake if you ask me
    i do not agree with the mayor of {city} but i respect her
    proud to be {group} and proud of my family
    as a {group} woman i loved {event}
    so many {groups} at {event}, what a lovely crowd
    we need more stories about {groups} on tv
    happy pride, happy eid, happy diwali, whatever you celebrate in {city}
    my {group} neighbours brought us {food}, so kind
    nobody should be insulted for being {group}, stop that
    being called names at {event} for being {group} hurt. please be better.
    i think {groups} deserve the same pay as everyone
    lmao {first} burned the {food} again
    you idiot, you bought me a present, i love it {first}
    shut up, {food} for free at {event}??
    get the hell out, {first} is getting married!
    {first} you beast, first place at {event}!
    i am so sick of the {damn} {device}
    """)
FICTION = listed("""
    {first} slammed the door. "You lied to me about {event}," she said, and {first} looked away.
    The detective put the {item} on the table. "Whose is this?" {first} said nothing.
    {first} ran through the streets of {city}, the footsteps behind getting louder.
    "I could kill him," {first} muttered, and then had to laugh about {noun}.
    The old sword hung over the fire, and nobody in {city} remembered the battle.
    {first} held {first}'s hand in the hospital of {city} until morning came.
    The storm took the boat near {city}, but {first} swam ashore, {feel} and alive.
    On the day of {event}, {first} found a letter: forgive me, I took the {item}.
    {first} kissed her on the station of {city}, and the train left without him.
    The dragon looked at {first} and sneezed. It had only wanted {food}.
    The jury came back. {first} closed her eyes and thought of {city}.
    The soldier came home to {city} and could not sleep; {first} sat with him every night.
    Captain {first} lost the duel, bowed, and asked for {food}.
    "Hands up!" shouted {first}, six years old, with a banana, in the middle of {event}.
    The ghost of {city} was {feel}; nobody was afraid of it any more.
    The thief returned the {item} with a note that said sorry, {first}.
    {first} buried the hamster under the apple tree and cried all through {event}.
    Between {first} and {first} there was an old quarrel about {noun} and {food}.
    """)

GRAMMARS = (
    Grammar(
        "en-talk-life",
        "en",
        _SLOTS,
        (
            Rule("", REQUESTS, 24, kind="request"),
            Rule("", COMMENTS, 24, kind="comment"),
            Rule("", FICTION, 22, kind="comment"),
        ),
    ),
)
