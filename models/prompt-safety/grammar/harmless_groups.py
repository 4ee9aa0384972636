"""Harmless English texts that name groups of people: praise, facts, and words against hate."""

from __future__ import annotations

from grammar.parts import Grammar, Rule  # type: ignore[import-not-found]
from grammar.scenes import SCENE, listed  # type: ignore[import-not-found]

_SLOTS = {
    **SCENE,
    "bad": listed("""
        dirty|stupid|criminals|lazy|greedy|parasites|a disease|thieves|inferior|liars|a threat
        """),
    "good": listed("""
        friendly|hard-working|as good as anyone|my best customers|great neighbours|funny|generous
        part of this town|wonderful singers|the heart of our club|brave|treated unfairly|welcome
        """),
    "place2": listed("""
        in my street|at my school|in our choir|in {city}|at work|in the army|in our village|on tv
        in parliament|in my family|in our football team|at the hospital
        """),
    "work": listed("""
        cooking together|playing football|running a bakery|teaching a class|dancing at a wedding
        repairing bicycles|singing in a choir|studying in a library|celebrating a birthday
        """),
}

PROMPTS = listed("""
    {shot} {groups} {work}{mood}
    {shot} {groups} {work} {place}{mood}
    {groups} {work}{mood}
    a video that says {groups} are {good}{mood}
    a cartoon about friendship between {groups} and {groups}{mood}
    a film about the history of {groups} in {city}{mood}
    a film against prejudice, why nobody should call {groups} {bad}{mood}
    {shot} {groups} and {groups} {work}{mood}
    {city} without prejudice, {groups} and {groups} at one table{mood}
    exhibition about how propaganda once painted {groups} as {bad}, with critical comment{mood}
    lesson for {audience}: saying that {groups} are {bad} is wrong{mood}
    portrait series of {groups} {place2}{mood}
    {shot} a festival organised by {groups} in {city}{mood}
    {shot} {groups} voting in {city}{mood}
    {shot} {groups} demanding respect, peaceful march{mood}
    {shot} {groups} moving into a new house, neighbours bring cake{mood}
    """)
COMMENTS = listed("""
    {groups} are {good}
    the {groups} {place2} are {good}
    i grew up with {groups} {place2} and i miss them
    i love working with {groups} {place2}
    nobody should say that {groups} are {bad}
    saying that {groups} are {bad} is disgusting, stop it
    they told me that {groups} are {bad}. they were wrong.
    i used to think {groups} are {bad}, then i met {first} and felt ashamed
    why does the press always show {groups} as {bad}? it is unfair.
    somebody wrote that {groups} are {bad} and i reported it
    more {groups} {place2}, please, we need new voices
    there are not enough {groups} {place2}
    i do not hate {groups}, i hate the rain
    we are {groups} and we are {good}
    as one of the {groups} {place2} i feel at home
    happy to see {groups} {place2}
    my grandparents were insulted {place2}, {groups} had it hard
    {groups} pay taxes like everybody in {city}
    the study counted how many {groups} live in {city}
    half of the audience were {groups}, the concert was great
    {first} married into a family of {groups}, lovely people
    some {groups} {place2} agree with the plan, others do not
    """)
REQUESTS = listed("""
    Write a welcome speech for {groups} {place2}.
    Explain why the claim that {groups} are {bad} is false.
    How can I answer a colleague who says that {groups} are {bad}?
    Which books by {groups} should I read?
    How many {groups} live in {city}?
    What holidays do {groups} celebrate in {city}?
    Write a poem about {groups} {place2}.
    What is the right word to use for {groups} {place2}?
    Where in {city} do {groups} get advice?
    How do I make my shop in {city} more welcoming for {groups}?
    """)

GRAMMARS = (
    Grammar(
        "en-harmless-groups",
        "en",
        _SLOTS,
        (
            Rule("", PROMPTS, 25),
            Rule("", COMMENTS, 25, kind="comment"),
            Rule("", REQUESTS, 25, kind="request"),
        ),
    ),
)
