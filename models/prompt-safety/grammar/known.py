"""Names the English grammars need: well-known people, characters, studios and brands.

They teach the shape of such prompts (somebody known does something); the lists of names that
screening itself looks up are elsewhere.
"""

from __future__ import annotations

from grammar.scenes import listed  # type: ignore[import-not-found]

PEOPLE = listed("""
    Joe Biden|Donald Trump|Barack Obama|Michelle Obama|Hillary Clinton|Bill Clinton|George W. Bush
    Kamala Harris|Bernie Sanders|Nancy Pelosi|Ron DeSantis|Alexandria Ocasio-Cortez|Mike Pence
    Vladimir Putin|Volodymyr Zelensky|Emmanuel Macron|Angela Merkel|Olaf Scholz|Boris Johnson
    Rishi Sunak|Keir Starmer|Theresa May|Tony Blair|Justin Trudeau|Narendra Modi|Xi Jinping
    Kim Jong Un|Recep Erdogan|Benjamin Netanyahu|Viktor Orban|Giorgia Meloni|Pedro Sanchez
    Lula da Silva|Jair Bolsonaro|Javier Milei|Pope Francis|King Charles|Prince William|Prince Harry
    Meghan Markle|Kate Middleton|Greta Thunberg|Malala Yousafzai|Nigel Farage|Jacinda Ardern
    Elon Musk|Jeff Bezos|Mark Zuckerberg|Bill Gates|Tim Cook|Sam Altman|Warren Buffett|Jack Ma
    Richard Branson|Sundar Pichai|Satya Nadella|Jensen Huang|Oprah Winfrey|Martha Stewart
    Taylor Swift|Beyonce|Rihanna|Lady Gaga|Adele|Ed Sheeran|Justin Bieber|Billie Eilish|Drake
    Kanye West|Eminem|Snoop Dogg|Jay-Z|Madonna|Elton John|Paul McCartney|Mick Jagger|Bono|Shakira
    Ariana Grande|Selena Gomez|Miley Cyrus|Katy Perry|Dua Lipa|Harry Styles|Bad Bunny|Bruno Mars
    The Weeknd|Post Malone|Kendrick Lamar|Cardi B|Nicki Minaj|Jennifer Lopez|Celine Dion|Cher
    Tom Cruise|Tom Hanks|Brad Pitt|Angelina Jolie|Leonardo DiCaprio|Johnny Depp|Keanu Reeves
    Will Smith|Dwayne Johnson|Morgan Freeman|Samuel L. Jackson|Denzel Washington|Robert De Niro
    Al Pacino|Arnold Schwarzenegger|Sylvester Stallone|Jackie Chan|George Clooney|Matt Damon
    Ryan Reynolds|Ryan Gosling|Margot Robbie|Emma Watson|Emma Stone|Scarlett Johansson|Zendaya
    Meryl Streep|Julia Roberts|Nicole Kidman|Natalie Portman|Anne Hathaway|Jennifer Lawrence
    Gal Gadot|Daniel Craig|Hugh Jackman|Chris Hemsworth|Robert Downey Jr.|Benedict Cumberbatch
    Timothee Chalamet|Pedro Pascal|Nicolas Cage|Jim Carrey|Adam Sandler|Kevin Hart|Shah Rukh Khan
    Amitabh Bachchan|Deepika Padukone|Salma Hayek|Antonio Banderas|Penelope Cruz|Jason Statham
    Lionel Messi|Cristiano Ronaldo|Neymar|Kylian Mbappe|David Beckham|Zinedine Zidane|LeBron James
    Michael Jordan|Stephen Curry|Shaquille O'Neal|Serena Williams|Roger Federer|Rafael Nadal
    Novak Djokovic|Naomi Osaka|Usain Bolt|Simone Biles|Michael Phelps|Tiger Woods|Tom Brady
    Mike Tyson|Conor McGregor|Lewis Hamilton|Max Verstappen|Virat Kohli|Erling Haaland|Megan Rapinoe
    Kim Kardashian|Kylie Jenner|Paris Hilton|MrBeast|PewDiePie|Joe Rogan|Ellen DeGeneres
    Jimmy Fallon|Stephen Colbert|Gordon Ramsay|Jamie Oliver|David Attenborough|Stephen King
    J. K. Rowling|Steven Spielberg|Quentin Tarantino|Christopher Nolan|Hayao Miyazaki|BTS|Blackpink
    """)
CHARACTERS = listed("""
    Mickey Mouse|Donald Duck|Goofy|Elsa from Frozen|Olaf the snowman|Simba|Buzz Lightyear|Woody
    Lightning McQueen|Nemo|Shrek|Donkey from Shrek|SpongeBob|Patrick Star|Homer Simpson|Bart Simpson
    Peter Griffin|Rick and Morty|Bugs Bunny|Daffy Duck|Tom and Jerry|Scooby-Doo|Garfield|Snoopy
    Hello Kitty|Peppa Pig|Paw Patrol|Bluey|the Minions|Kung Fu Panda|the Grinch|Winnie the Pooh
    Pikachu|Charizard|Ash Ketchum|Mario|Luigi|Princess Peach|Yoshi|Bowser|Link from Zelda|Kirby
    Sonic the Hedgehog|Tails|Pac-Man|Lara Croft|Master Chief|Kratos|Geralt of Rivia
    Steve from Minecraft
    a Minecraft creeper|a Fortnite character|Among Us crewmates|a Roblox character|Solid Snake
    Cloud Strife
    Goku|Vegeta|Naruto|Sasuke|Luffy|Zoro|Sailor Moon|Totoro|Doraemon|Eren Yeager|Tanjiro
    Light Yagami
    Spider-Man|Iron Man|Captain America|Thor|Hulk|Black Widow|Wolverine|Deadpool|Thanos
    Black Panther
    Doctor Strange|Groot|Venom|Batman|Superman|Wonder Woman|the Joker|Harley Quinn|Aquaman|the Flash
    Darth Vader|Luke Skywalker|Yoda|Baby Yoda|Chewbacca|R2-D2|a stormtrooper|Han Solo
    the Mandalorian
    Harry Potter|Hermione Granger|Dumbledore|Voldemort|Gandalf|Frodo|Gollum|Legolas
    Daenerys Targaryen
    Jon Snow|Katniss Everdeen|James Bond|Indiana Jones|Captain Jack Sparrow|Forrest Gump
    Rocky Balboa
    John Wick|the Terminator|RoboCop|E.T.|the Predator|a xenomorph from Alien|Godzilla|King Kong
    Optimus Prime|Bumblebee from Transformers|the Ghostbusters|Marty McFly|Neo from The Matrix
    Barbie
    Ken from Barbie|Paddington|Wall-E|Moana|Ariel the little mermaid|Cruella de Vil|Maleficent
    Stitch
    Walter White|Eleven from Stranger Things|Wednesday Addams|Sheldon Cooper|Mr Bean|Spock
    Captain Kirk
    the Teletubbies|Elmo|Cookie Monster|Kermit the Frog|Miss Piggy|Thomas the Tank Engine|the Smurfs
    Asterix|Tintin|the Power Rangers|the Teenage Mutant Ninja Turtles|He-Man|G.I. Joe|Popeye
    Betty Boop
    """)
FRANCHISES = listed("""
    Disney|Pixar|Studio Ghibli|DreamWorks|Marvel|DC Comics|Star Wars|Harry Potter|The Simpsons
    South Park|Family Guy|Rick and Morty|Game of Thrones|The Lord of the Rings|Pokemon|Minecraft
    Fortnite|Zelda|Super Mario|Grand Theft Auto|Cyberpunk 2077|Call of Duty|Dragon Ball|One Piece
    Naruto|Attack on Titan|Demon Slayer|Avatar|The Matrix|Blade Runner|Jurassic Park|Transformers
    Stranger Things|Breaking Bad|Squid Game|Frozen|Toy Story|Shrek|SpongeBob|Peppa Pig|Barbie
    Aardman|Illumination|Lego|The Witcher|Elden Ring|Final Fantasy|World of Warcraft|Halo|Overwatch
    """)
BRANDS = listed("""
    Coca-Cola|Pepsi|McDonald's|Burger King|Starbucks|KFC|Nike|Adidas|Gucci|Louis Vuitton|Chanel
    Rolex
    Prada|Ferrari|Lamborghini|Tesla|BMW|Mercedes-Benz|Porsche|Toyota|iPhone|Samsung|PlayStation|Xbox
    Nintendo|Netflix|YouTube|Google|Facebook|Instagram|IKEA|Walmart|Red Bull|Heineken|Nutella|Oreo
    KitKat|Pringles|Doritos|Lego|Supreme|NBA|NFL|FIFA|Real Madrid|Manchester United
    Hermes|Versace|Balenciaga|Ray-Ban|Harley-Davidson|Spotify|TikTok|Amazon Prime|FedEx|UPS
    """)
DESCRIBED = listed("""
    a plumber with a red cap and a moustache jumping on turtles
    two plumber brothers in red and green overalls running through green pipes
    a yellow electric mouse with red cheeks and a lightning tail
    a round cheerful mouse with black ears, red shorts, white gloves and yellow shoes
    a duck in a blue sailor shirt without trousers throwing a tantrum
    an ice queen with a blonde braid singing as she builds an ice palace
    a talking snowman with a carrot nose who loves summer
    a space ranger toy in white and green armour with pop-out wings
    a cowboy sheriff doll that comes to life when the children leave
    a red talking race car with eyes on the windscreen
    an orange clownfish father looking for his lost son
    a green ogre living in a swamp with a chatty donkey
    a yellow square sponge in brown trousers living in a pineapple under the sea
    a pink starfish in green shorts living under a rock
    a yellow bald father with a beer belly who loves doughnuts and works in a nuclear plant
    a spiky haired yellow boy on a skateboard with a slingshot
    a mad scientist with blue hair and his nervous grandson jumping through green portals
    a grey rabbit chewing a carrot and asking what's up
    a cat forever chasing a clever brown mouse through a house
    a lazy orange cat that loves lasagne and hates mondays
    small yellow pill-shaped creatures in goggles and blue overalls
    a fat panda who becomes a kung fu master
    a honey loving bear in a red t-shirt with a piglet friend
    a blue hedgehog in red shoes running at the speed of sound
    a yellow circle eating dots in a maze chased by coloured ghosts
    an elf boy in a green tunic with a sword and a shield saving a princess
    a pink puffball that inhales its enemies
    a tomb raiding woman in a teal top and shorts with two pistols
    a soldier in green power armour with a golden visor on a ring-shaped world
    a bald ghost-white warrior with a red tattoo and chained blades
    a white-haired monster hunter with two swords and yellow eyes
    a block world where a green silent creature explodes
    a spiky black haired fighter in an orange gi charging an energy beam
    a blond ninja in an orange jumpsuit with whiskers and a fox spirit
    a rubber-bodied pirate captain in a straw hat
    a schoolgirl with two long blonde pigtails who transforms under moonlight
    a big grey forest spirit with an umbrella at a bus stop
    a blue robot cat with a magic pocket
    a hero in red and blue tights swinging between towers on webs
    a billionaire in a red and gold flying suit of armour
    a soldier in a star-spangled suit with a round shield
    a norse god with a flying hammer and a red cape
    a scientist who turns into a huge green man in torn purple trousers when angry
    a mutant with three metal claws on each hand
    a wisecracking mercenary in a red and black suit with two katanas
    a purple titan snapping his fingers with a jewelled golden glove
    a little tree creature that only says its own name
    a vigilante in a black cape with pointed ears above a gothic city
    a man from krypton in a blue suit with a red cape and an s on the chest
    an amazon princess with a golden lasso and a tiara
    a clown criminal with green hair, white face and a purple suit
    a villain in a black helmet and cape breathing heavily with a red laser sword
    a small green wise old master with long ears speaking backwards
    a tall hairy co-pilot who growls beside a smuggler in a waistcoat
    soldiers in white plastic armour marching in a giant round space station
    a boy wizard with round glasses and a lightning scar at a castle school
    a grey wizard shouting that nobody shall pass on a stone bridge
    a small hairy-footed fellow carrying a ring to a volcano
    a pale creature in a loincloth whispering my precious
    a silver-haired queen riding a dragon and saying the word for fire
    a girl archer with a braid fighting in televised games to the death
    a british secret agent with the licence to kill ordering a shaken drink
    an archaeologist with a whip and a fedora running from a boulder
    a drunken pirate captain with beads in his hair and a magic compass
    an austrian-accented killer robot in sunglasses sent from the future
    a giant radioactive lizard rising from the sea near tokyo
    a giant ape on top of the empire state building
    a red and blue truck that turns into a robot leader
    four men with proton backpacks catching ghosts in new york
    a teenager in a red vest in a time travelling sports car from 1985
    a hacker in a black coat dodging bullets in a green code world
    a blonde fashion doll in a pink dream house with her boyfriend
    a small rusty garbage robot in love with a white egg-shaped robot
    a red-haired mermaid princess who trades her voice for legs
    a chemistry teacher in a green shirt and underpants cooking in a camper van
    a girl with a shaved head and a bloody nose who loves waffles and moves things by mind
    a pale girl with black braids, a white collar and a walking hand
    four turtles named after painters who eat pizza and do martial arts
    small blue people with white hats living in mushrooms
    a sailor who eats spinach and grows strong
    players in green tracksuits and guards in pink suits playing red light green light
    a tiny gaul with a winged helmet and his fat friend with a menhir
    a purple dinosaur and friends who sing about love to children
    a pink pig family jumping up and down in muddy puddles
    """)
