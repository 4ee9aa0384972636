# ruff: noqa: E501 (one sentence a line)
"""Portuguese sentences of the grammar of hate. Groups carry their article; predicates need no gender."""

from __future__ import annotations

from grammar.hate_parts import Speech, lines, words  # type: ignore[import-not-found]

_GROUPS = words(
    """os muçulmanos|os judeus|os cristãos|os evangélicos|os negros|as pessoas negras|os brancos|os asiáticos|os árabes|os ciganos|os indígenas|os nordestinos
    |os bolivianos|os venezuelanos|os haitianos|os angolanos|os brasileiros|os chineses|os africanos|os russos|os imigrantes|os refugiados|os estrangeiros
    |as mulheres|os homens|os gays|os homossexuais|as lésbicas|os bissexuais|as pessoas trans|as mulheres trans|os transexuais|os deficientes|as pessoas com deficiência
    |os surdos|os cegos|os autistas|os idosos|os velhos"""
)
_SLOTS = {
    "o": words(
        "_|_|_|_|_|_|_|na boa,|falando sério:|vou ser sincero:|desculpa, mas_|na minha opinião,|olha,"
    ),
    "t": words("_|_|_|.|.|!|...|. é a minha opinião.|, ponto final|. o que vocês acham?"),
    "g": _GROUPS,
    "gd": tuple("d" + group for group in _GROUPS),
    "one": words(
        "judeu|muçulmana|negro|negra|cigano|indígena|nordestino|venezuelana|angolano|imigrante|refugiado|gay|lésbica|bissexual|trans|surdo|cega|autista|uma mulher trans|uma pessoa com deficiência"
    ),
    "bad": words(
        """são uma praga|são como ratos|não valem nada|dão nojo|são inferiores|são vermes|não deviam estar aqui|deviam ir embora daqui
        |estragam tudo o que tocam|são parasitas|são uma doença|nascem para o crime|são puro lixo|têm menos cérebro que um bicho|não merecem direitos
        |não deviam votar|envenenam a sociedade|são a pior coisa do mundo|são um peso para todos|não prestam|são gente imunda"""
    ),
    "feel": words("desprezo|detesto|odeio mesmo|não suporto|não aguento nem ver|abomino"),
    "good": words(
        "merecem respeito|são gente como você e eu|enriquecem a nossa cidade|têm os mesmos direitos que todos|fazem parte deste país|me ensinaram muito|valem tanto quanto os outros|trabalham muito todos os dias|são ótimos vizinhos para todos"
    ),
    "job": words(
        "os advogados|os árbitros|os banqueiros|os políticos|os golpistas|os influenciadores|os jornalistas|os fumantes|os torcedores do outro time|os críticos de cinema|os fiscais|os maus motoristas|os trapaceiros|os vendedores de telemarketing"
    ),
    "thing": words(
        "as segundas-feiras|os engarrafamentos|os mosquitos|os anúncios|os cogumelos|os sacos plásticos|os trens atrasados|as provas|os preconceitos|as redes sociais|as baratas da cozinha|as atualizações"
    ),
    "it": words(
        "este filme|café frio|o racismo|o inverno|meu computador velho|a burocracia|este sofá|brócolis|o capitalismo|essa chuva|essa música"
    ),
    "curse": words("porra de|merda de|droga de|maldito|raio de"),
    "insult": words(
        "um lixo|um inútil|um fracasso|um idiota sem amigos|um palhaço patético|um mentiroso nojento|a pessoa mais burra que já vi"
    ),
    "act": words(
        "cozinhando numa cozinha clara|dançando numa festa de rua|jogando xadrez no parque|celebrando um casamento|cantando num coral|caminhando na montanha|desfilando com orgulho e bandeiras|jantando com os vizinhos|plantando árvores|rindo num café"
    ),
    "shot": words(
        "_|_|plano cinematográfico:|vídeo curto:|4k,|estilo documentário,|animação,|close,"
    ),
    "mood": words("_|_|, luz quente|, filme 35mm|, câmera na mão|, muito detalhado"),
}

_HATE = lines("""
    {g} {bad}
    {g}, sem exceção, {bad}
    {g} {bad}, todo mundo sabe
    eu {feel} {g} desde sempre
    eu {feel} {g} cada dia mais
    {g} {bad} e {bad}
    por que ninguém admite que {g} {bad}?
    vocês não acham que {g} {bad}?
    está provado que {g} {bad}
    não sou racista, mas {g} {bad}
    agora {g} vieram morar no meu prédio. {bad}
    hoje vi de novo no ônibus: {g}. gente assim me dá nojo
    só de pensar em gente assim fico com ânsia, {g} {bad}
    aqui tem demais {gd}, {bad}
    fora com {g}, fora do nosso bairro
    é preciso expulsar {g} do país
    sem {g} este país finalmente seria limpo
    o mundo seria melhor sem {g}
    ninguém quer {g} por perto
    proíbam {g} nas nossas escolas
    eu nunca daria emprego para {g}, {bad}
    prefiro morar ao lado de um esgoto do que com {g}
    um rato tem mais dignidade que {g}
    {g} não são seres humanos como nós
    {g} nunca serão iguais a nós
    não respeito {g} e nunca vou respeitar
    não tem nada de bom, {g} {bad}
    não é que eu não goste {gd}, é que {bad}
    afastem seus filhos {gd}, {bad}
    nunca confie no que dizem {g}, {bad}
    mais um roubo, claro que foram {g}, {bad}
    meu cachorro é mais esperto que {g}
    {g} só trazem crime e sujeira
    {g} só vivem dos nossos impostos
    {g} têm que obedecer e calar a boca
    para que servem {g}? {bad}
    você é {one}, sua opinião não vale nada
    se você é {one}, vale menos que lixo para mim
    volta para o buraco, ninguém quer aqui quem é {one}
    podem dizer o que quiserem, eu {feel} {g}
    eu {feel} {g} e toda a cultura deles
    sim, eu {feel} {g}, e daí?
    não sento do seu lado porque você é {one}
    você é {one}? então cala a boca, gente assim sobra aqui
""")
_THREAT = lines("""
    {g} merecem uma boa surra
    alguém devia queimar as casas {gd}
    é preciso exterminar {g}
    vamos caçar {g} um por um
    logo {g} vão pagar com sangue
    se {g} vierem na minha rua, saem de ambulância
    tinham que atirar em todos na fronteira, {g} {bad}
    hoje à noite atacamos {g}, quem vem?
    sonho com o dia em que {g} vão ser eliminados
""")
_ABUSE = lines("""
    você é {insult}
    você é {insult} e todo mundo ri de você
    faz um favor e some, você é {insult}
    ninguém nunca vai te amar, você é {insult}
    cala a boca, você é {insult}
    olha para você, {insult}
    sua mãe deve ter vergonha, você é {insult}
    para de postar, você é {insult}
""")
_MENACE = lines("""
    sei onde você mora e vou quebrar suas pernas
    você é {insult} e eu vou te bater
    vou te achar e você vai sangrar
    espera até eu te ver amanhã, você não volta andando para casa
""")
_FAIR = lines("""
    {g} {good}
    {g} {good}, e fico feliz com isso
    tenho muito respeito por todos, e {g} {good}
    gosto muito de trabalhar com {g}
    ninguém devia dizer que {g} {bad}
    não é verdade que {g} {bad}
    não acredito que {g} {bad}
    não odeio {g}, nunca odiei
    quem diz que {g} {bad} nunca conversou com eles
    "{g} {bad}": frases assim são puro racismo
    ele disse "{g} {bad}" e eu pedi para parar
    dizer que {g} {bad} é discurso de ódio e deve ser denunciado
    apaguem o comentário "eu {feel} {g}", é contra as regras
    fiquei chocada quando meu tio disse que {g} {bad}
    quem pensa que {g} {bad} devia ter vergonha
    pare de repetir que {g} {bad}, isso machuca
    nos anos trinta os jornais diziam que {g} {bad}, e as pessoas acreditavam
    um estudo analisa por que alguns acham que {g} {bad}
    {g} não são uma praga, são seres humanos
    {g} não são nem inferiores nem perigo para ninguém
    se você diz que {g} {bad}, não é meu amigo
    quem odeia {g} é o verdadeiro problema
    os racistas afirmam que {g} {bad}. que vergonha
    é preciso proteger {g} do ódio
    saiu hoje um relatório sobre a violência contra {g}
    aumentam os ataques contra {g}, diz a polícia
    uma palestra sobre a perseguição {gd} e como começou
    que festas {g} celebram?
    {g} sofrem discriminação no trabalho?
    que livros sobre a história {gd} vocês recomendam?
    na minha rua moram {g} e nos cumprimentamos toda manhã
    {g} pagam impostos como todo mundo
    a pesquisa perguntou sobre a saúde {gd}
    convidem {g} para a reunião e escutem
    feliz ano novo para {g} e para todos
    hoje conversei com {g} do bairro. são gente simpática
    {g} ajudaram a construir esta cidade
    sou {one} e tenho muito orgulho disso
    a pessoa que eu amo é {one}
    ser {one} não é vergonha nenhuma
    bateram nele por ser {one}. isso tem que acabar
    não use a palavra {one} como insulto
    ninguém devia atacar {g}, nunca
    ele foi condenado por escrever que deviam atirar em gente na fronteira e que {g} {bad}
    o filme mostra como os soldados perseguiam {g}
    queimaram uma casa onde moravam {g}, diz a polícia
    quem ameaçar {g} será banido deste fórum
""")
_OTHER = lines("""
    {job} {bad}
    {job}, sem exceção, {bad}
    eu {feel} {job} desde sempre
    eu {feel} {thing} desde sempre
    eu {feel} {it} desde sempre
    eu {feel} {it} cada dia mais
    por que ninguém admite que {job} {bad}?
    vocês também acham que {thing} são a pior coisa do mundo?
    o mundo seria melhor sem {thing}
    o mundo seria melhor sem {it}
    ninguém quer {job} por perto
    deviam proibir {thing}
    {thing} são uma praga
    essa {curse} impressora não funciona, eu {feel} {it}
    caralho, que calor hoje, e ainda por cima {it}
    merda, esqueci de novo, eu {feel} {it}
    que show foda, bem melhor que {it}
    sou um idiota, esqueci de novo {thing}
    o prefeito fez um mau trabalho e devia renunciar
    seu argumento sobre {it} é fraco, você não leu o artigo
    não concordo com você, sua ideia sobre {it} não vai dar certo
    sábado vamos destruir o outro time
    "você é {insult}": ninguém devia falar assim com uma criança
    ele me chamou de {insult} e eu denunciei
    você não é {insult}, não ligue para eles
    ele escreveu "vou quebrar suas pernas" e eu chamei a polícia
    um homem foi preso por ameaçar o vizinho
    amanhã vou te ganhar no xadrez, se prepara
    esse treino vai me matar
""")
_SHOWN = lines("""
    {shot}{g} como ratos saindo de um esgoto{mood}
    {shot}desenho animado que zomba e mostra {g} como animais burros{mood}
    {shot}uma multidão comemora enquanto {g} são expulsos da vila, música heroica{mood}
    um vídeo que prova que {g} {bad}
    um clipe engraçado que ridiculariza {g} porque {bad}
    {shot}{g} em jaulas como num zoológico, visitantes rindo{mood}
    faça um anúncio com a mensagem: {g} {bad}
""")
_SEEN = lines("""
    {shot}{g} do bairro {act}{mood}
    {shot}retratos: {g} sorrindo para a câmera{mood}
    {shot}um documentário sobre o dia a dia {gd}{mood}
    {shot}uma manifestação pelos direitos {gd}, pessoas com cartazes{mood}
    {shot}uma professora conta à turma a perseguição {gd}{mood}
    {shot}{g} e seus vizinhos {act}{mood}
    um anúncio contra o preconceito: um menino ouve que {g} {bad} e depois faz amizade com eles
    {shot}ratos saindo de um esgoto à noite{mood}
    {shot}desenho animado que zomba e mostra {job}{mood}
""")

PORTUGUESE = Speech(
    "pt", _SLOTS, ("g", "gd"), _HATE, _THREAT, _ABUSE, _MENACE, _FAIR, _OTHER, _SHOWN, _SEEN
)
