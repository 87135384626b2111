"""Given names of the West: two that are told apart by a letter are two names, not a slip of the pen."""

import re

from guanxi.customers.duplicates.vocabulary import NICKNAMES_OF

# Common ones of Europe and America, without accents; what differs from another by a letter matters most.
_COMMON = """
aaron adam adele adrian adriana agnes agnieszka alan alain alba albert alberta alberto alejandra alejandro alessandra alessandro
alex alexander alexandra alexandre alexis alfonso alfred alfredo alice alicia alina aline alison allan amalia amanda amber amelia
amelie amy ana anastasia anders andre andrea andreas andrei andres andrew andrzej angel angela angelica angelo anita anja anke ann
anna annabel anne annette annika anthony antoine anton antonia antonio ariana ariel arne arnold arthur astrid august augustin
aurelie axel barbara bart beatrice beatriz benjamin bernard bernardo bernd bertha bettina betty bianca birgit bjorn boris brandon
brenda brian bridget bruce bruno bryan camila camilla camille carina carl carla carlo carlos carlotta carmen carol carola carole
carolina caroline caterina catherine cecilia cecile cesar charles charlotte chiara chloe christian christiane christina christine
christoph christopher cindy clara clare claudia claudio clement clemens colin connor cornelia craig cristian cristina cynthia dagmar
daisy dale damian dan dana daniel daniela daniele danielle danny dario darren dave david dawn dean deborah denis denise dennis derek
diana diane diego dieter dimitri dirk dominic dominik dominique donald donna doris dorothea dorothy douglas duncan dylan edgar edith
eduardo edward edwin eileen elaine eleanor elena eleonora elisa elisabeth elise eliza elizabeth ella ellen elsa elvira emil emilia
emilie emilio emily emma emmanuel enrico enrique eric erica erik erika ernest ernesto erwin esteban esther ethan eugene eugenia eva
evelyn fabian fabio fabiola federica federico felicia felix ferdinand fernanda fernando filip fiona flora florence florian frances
francesca francesco francine francis francisca francisco frank franz frederic frederick frida gabriel gabriela gabriele gabriella
gary gavin gemma george georg georgia gerald gerard gerda gerhard gertrud gianni gilbert gina gino giorgia giorgio giovanna giovanni
giulia giulio gloria gordon grace graham gregor gregory greta grzegorz gudrun guido gunter gustav hanna hannah hannes hans harald
harold harriet harry hayley heather hector heidi heike heinz helen helena helene helga helmut henri henrik henry herbert herman
hilda holger holly horst howard hubert hugo ian ida ignacio igor ilona ilse ines inga inge ingrid irena irene irina iris irma
isabel isabella isabelle ivan ivana jack jackson jacob jacqueline jaime jake jakob jamie james jan jana jane janet janine jasmin
jason javier jean jeanette jeanne jennifer jens jeremy jerome jesper jessica jill jimmy joachim joan joana joann joanna joanne
joao joaquin jochen joe joel johan johann johanna johannes john johnny jolanta jon jonas jonathan jordan jorg jorge josef josefa
jose joseph josephine joshua joyce juan juana judith judy julia julian juliana julie julien juliet julio julius justin justine jutta
kai karen karin karina karl karla karsten katarina kate katharina katherine kathleen kathrin katja keith kelly ken kenneth kerry
kerstin kevin kim kirsten klara klaus knut konrad krista kristian kristin kristina kristine kurt kyle lara larry lars laura lauren
laurence laurent lea leah leila lena leo leon leona leonard leonardo leonie leonora leslie lewis liam lidia lily linda linus lisa
livia lloyd logan lois lola lora lorena lorenz lorenza lorenzo loretta lotte louis louisa louise luca lucas lucia luciana luciano
lucie lucy ludwig luigi luis luisa lukas lydia lynn madeleine magda magdalena maja malcolm manfred manuel manuela marc marcel
marcela marcella marcello marcia marcin marco marcos marcus margaret margarita margit margot maria marian mariana marianne marie
marina mario marion marisa marisol mark markus marlene marta martha martin martina mary mathias mathilda matteo matthew matthias
maud maura maureen maurice mauricio mauro max maxim maxime maximilian maya megan melanie melissa mercedes mia michael michaela
michal michel michele michelle miguel mikael mike mila milan milena miles miranda miriam mona monica monika morgan moritz muriel
myra nadia nadine nancy naomi natalia natalie nathan neil nicholas nick nico nicola nicolas nicole niels nigel nikolai nils noah
noel noelle nora norbert norma norman octavia olaf olga oliver olivia olivier oscar otto pablo pamela paola paolo pascal pascale
patricia patricio patrick paul paula paulina pauline paulo pavel pavla pedro penelope perla peter petra philip philippa philippe
pierre pilar pietro pia rachel rafael raffaella ralf ralph ramon ramona randy raphael raquel raul raymond rebecca regina reiner
renata renate rene renee rex rhonda ricarda ricardo riccardo richard rita robert roberta roberto robin roderick rodrigo roger roland
rolf roman romana romeo romy ron ronald rosa rosalie rose rosemary ross roxana roxane roy ruben rudolf rupert russell ruth ryan sabina
sabine sabrina sally salvador salvatore sam samantha samuel sandra sandro sara sarah sascha saskia scott sean sebastian selena selina
serena serge sergio sharon sheila shirley sibylle sidney siegfried sigrid silke silvana silvia silvio simon simona simone sofia
sonia sonja sophia sophie stacey stanislav stefan stefania stefano stella stephan stephanie stephen steven stuart susan susanna
susanne suzanne svein sven svenja sylvain sylvia sylvie tamara tania tanja tara teresa terry tessa theo theodor theresa thomas tibor
tiffany tilda tim timo timothy tina tobias todd tom tomas tommaso toni tony tracy trevor tristan ulrich ulrike umberto ursula uwe
valentin valentina valeria valerie vanessa vera verena veronica veronika vicente victor victoria viktor viktoria vincent vincenzo
viola violet virginia vito vittoria vittorio vivian vladimir walter waltraud wanda wayne wendy werner wesley wilhelm william wilma
winfried wolfgang xavier yvette yvonne zachary zoe zofia
"""
COMMON = frozenset(_COMMON.split())
# Read as Chinese these are names as well: 丽娜, 娜娜.
_CHINESE_TOO = frozenset(
    [
        "dan",
        "dana",
        "ian",
        "lena",
        "leo",
        "leon",
        "lina",
        "lisa",
        "mila",
        "mona",
        "nina",
        "lola",
        "lora",
        "ana",
        "jan",
        "jana",
        "kai",
        "mia",
        "lea",
        "ida",
        "ann",
        "anne",
        "alan",
        "allan",
        "dale",
    ]
) - {"leo"}
# Letters in which one name is written by different people: Eric, Erik; Sara, Sarah; Philip, Filip.
_SPELT = (
    (r"ph", "f"),
    (r"ck|c(?![eiyh])|q", "k"),
    (r"y|ie", "i"),
    (r"(?<=[a-z])h", ""),
    (r"z", "s"),
    (r"w", "v"),
    (r"(.)\1+", r"\1"),
)


def are_two(one: str, other: str) -> bool:
    """Whether two words that are nearly alike are two given names: Jon, Joan; Marc, Marco; Daniel, Daniela."""
    if _spelt(one) == _spelt(other) or other in NICKNAMES_OF.get(one, ()):
        return False
    return (one in COMMON and other in COMMON) or of_two_sexes(one, other)


def of_two_sexes(one: str, other: str) -> bool:
    """Whether two given names differ by what makes the one a woman's: Mario, Maria; Martin, Martina."""
    short, long = sorted((one, other), key=len)
    if len(short) < 4:
        return False
    if len(short) == len(long):
        return short[:-1] == long[:-1] and {short[-1], long[-1]} == {"a", "o"}
    return long == f"{short}a" and short[-1] not in "aeiouy"


def _spelt(name: str) -> str:
    """A name in one spelling of several."""
    for pattern, by in _SPELT:
        name = re.sub(pattern, by, name)
    return name


def is_western(word: str) -> bool:
    """Whether a word is a given name of the West, though it could be read as Chinese syllables: Tina, Leo."""
    return word in COMMON and word not in _CHINESE_TOO
