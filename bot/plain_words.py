"""Dutch words and turns of phrase by which `bot/plain.py` knows a question that is hard, double, leading or too personal.

Flemish and standard forms stand side by side ("ge", "je", "u"). A turn of phrase is a regular expression over text in lower
case with single blanks; what it matches is shown to the organiser, so it begins and ends with whole words.
"""

from __future__ import annotations

from collections.abc import Mapping

SURVEY_WORDS: Mapping[str, str] = {
    # words of surveys, beside the letters' words of `hard_words.py`
    "aandachtspunt": "wat belangrijk is",
    "aandachtspunten": "wat belangrijk is",
    "adequaat": "goed",
    "adequate": "goede",
    "criteria": "regels",
    "doelgroep": "mensen",
    "draagvlak": "steun",
    "duurzaam": "goed voor later",
    "duurzaamheid": "goed voor later",
    "efficiënt": "vlot",
    "efficiënte": "vlotte",
    "enquête": "vragen",
    "enquêtes": "vragen",
    "evaluatie": "wat goed ging en wat niet",
    "evalueren": "bekijken",
    "faciliteren": "helpen",
    "feedback": "wat je ervan vindt",
    "frequent": "vaak",
    "frequentie": "hoe vaak",
    "in welke mate": "hoe veel",
    "infrastructuur": "wegen en gebouwen",
    "initiatief": "plan",
    "initiatieven": "plannen",
    "interactie": "contact",
    "knelpunt": "probleem",
    "knelpunten": "problemen",
    "kwaliteitsvol": "goed",
    "kwaliteitsvolle": "goede",
    "leefbaarheid": "fijn wonen",
    "mobiliteit": "vervoer",
    "optimaal": "zo goed mogelijk",
    "optimale": "de beste",
    "optimaliseren": "beter maken",
    "perceptie": "hoe je het ziet",
    "prioriteit": "wat eerst moet",
    "prioriteiten": "wat eerst moet",
    "respondent": "wie antwoordt",
    "respondenten": "wie antwoordt",
    "tevredenheidsenquête": "vragen",
    "voorziening": "wat er is",
    "voorzieningen": "wat er is",
}

EVERYDAY = frozenset({"nog steeds"})  # turns in which a word of letters is everyday talk

NO_PARTICIPLES = frozenset(
    "overlast beleid verdriet gerecht gewest gevecht ontbijt geeft gelooft gebeurt geldt begint betekent bestaat bevalt".split()
)  # beside those of `readability.py`
DETERMINER = frozenset("de een deze die mijn jouw onze elke geen welke".split())  # a noun follows, no participle
YOU = "je|jij|jullie|ge|gij|u"
SUBJECT = rf"{YOU}|ik|we|wij|ze|zij|hij|het|er|dat|dit|de|deze|die|men|iedereen|iemand"

# Finite forms that may begin a question of their own; nouns that look the same are left out.
VERBS = (
    "is|ben|bent|zijn|was|waren|heb|hebt|heeft|hebben|had|kan|kun|kunt|kunnen|kon|wil|wilt|willen|wou|moet|moeten|moest|mag|"
    "mogen|mocht|zal|zult|zullen|zou|zouden|ga|gaat|gaan|ging|kom|komt|komen|kwam|vind|vindt|vinden|vond|doe|doet|doen|"
    "deed|ken|kent|kennen|weet|weten|krijg|krijgt|krijgen|kreeg|denk|denkt|denken|voel|voelt|woon|woont|wonen|gebruik|"
    "gebruikt|help|helpt|helpen|hielp|zie|ziet|zien|hoor|hoort|lees|leest|lezen|betaal|betaalt|neem|neemt|breng|brengt|"
    "kies|kiest|werk|werkt|werken|werkte|blijf|blijft|blijven|staat|staan|ligt|liggen|sluit|past|lukt|lukte|bel|belt|zoek|"
    "zoekt|koop|koopt|kook|kookt|mis|mist|snap|snapt|begrijp|begrijpt|vraag|vraagt|wacht|wachten|wordt|word|worden|werd"
)
ASKING = "waarom|hoe|hoeveel|hoelang|wat|wanneer|waar|wie|welk|welke|waarmee|waarover|waarvoor|waaraan|waarin"

# Infinitives of what landlords and tenants do: two of them, each with its own object, are two plans.
INFINITIVES = (
    "poetsen|kuisen|herstellen|repareren|vervangen|plaatsen|zetten|bouwen|afbreken|maken|schilderen|verven|planten|snoeien|"
    "helpen|meehelpen|komen|meedoen|betalen|organiseren|koken|zoeken|bellen|schrijven|parkeren|sluiten|openen|"
    "verwarmen|isoleren|vernieuwen|verbeteren|veranderen|aanpassen|kopen|huren|verhuizen|sorteren|weghalen|ophalen|opruimen"
)

# What one can be more or less: two of them about one thing may get two answers.
QUALITIES = (
    "vriendelijk|beleefd|snel|vlot|stipt|correct|proper|net|schoon|veilig|duidelijk|goed|mooi|gezellig|goedkoop|betaalbaar|"
    "warm|droog|stil|rustig|eerlijk|handig|nuttig|interessant|tevreden|lekker|groot|klein|makkelijk|gemakkelijk|leuk|fijn|"
    "gezond|vuil|duur|lawaaierig|donker|koud|nat|kapot|traag|moeilijk|onveilig|onduidelijk|belangrijk|bereikbaar"
)

# Begging for agreement: the answer stands in the question. In titles, reasons, questions and options.
LEADING = (
    rf"(?:vind|vindt|vinden) (?:{YOU}) (?:het |dit |dat |de \w+ )?(?:toch )?ook (?:niet|dat|te|zo|veel te)",
    rf"(?:vind|vindt|vinden) (?:{YOU}) (?:het |dit |dat )?(?:toch )?niet dat",
    rf"denk(?:t|en)? (?:{YOU}) (?:toch )?(?:ook(?: niet)?|niet dat|niet ook)",
    rf"(?:ben|bent|zijn) (?:{YOU}) (?:het )?(?:er )?(?:toch |zeker )?ook (?:mee )?(?:eens|akkoord|voor|tegen|tevreden|boos|kwaad)",
    rf"(?:wil|wilt|willen) (?:{YOU}) (?:toch )?ook (?:niet )?dat",
    rf"(?:ga|gaat|gaan) (?:{YOU}) (?:er )?(?:toch |zeker )?ook (?:akkoord|mee akkoord)",
    r"zou het niet (?:\w+ )?(?:beter|goed|fijn|leuk|mooi|eerlijk|handig|makkelijker|slim|slimmer|tijd)",
    r"is het niet (?:zo dat|tijd|beter|hoog tijd|normaal|eerlijk|erg dat|logisch|schandalig)",
    r"zoals (?:iedereen|we allemaal|wij allemaal|je|jij|jullie|ge|u) (?:wel |al |ook )?(?:weet|weten|ziet|zien)",
    r"het is (?:toch )?(?:duidelijk|logisch|bewezen|normaal) dat",
    r"uiteraard|vanzelfsprekend|ongetwijfeld|nietwaar|zonder twijfel",
    r"(?:stem|kies|antwoord|zeg|tik op|duw op) (?:voor )?[“\"']?(?:ja|nee)\b(?![”\"']? (?:als|of|wanneer)\b|/)",
    r"hoe (?:slecht|fantastisch|geweldig|schandalig)",
)
# What others think; in the reason for a poll it may stand.
OTHERS = (
    r"(?:iedereen|elke huurder) (?:weet|vindt|wil|zegt|is het)",
    r"(?:de meeste|veel|alle) (?:mensen|huurders|buren|bewoners) (?:vinden|willen|zeggen|zijn het|weten)",
    r"(?:net als|zoals) (?:iedereen(?! (?:weet|ziet)\b)|alle anderen|alle buren|alle huurders)",
)
# Only where something is asked: elsewhere these words tell a fact ("De lift doet het eindelijk").
LEADING_ASKED = (
    r"eindelijk",
    r"toch(?! nog)",
    r"natuurlijk(?! (?:licht|daglicht|groen|gras|water|gas|product|producten|materiaal|verluchting|ventilatie)\b)",
    r"hopelijk",
    r"schandalige?|belachelijke?|onaanvaardbare?|absurde?|fantastische?|geweldige?|schitterende?|walgelijke?",
    r"(?:slechte|luie|trage|hebzuchtige|oneerlijke|domme|gemene|onbeleefde|uitstekende) "
    r"(?:woonmaatschappij|maatschappij|huisbaas|verhuurder|dienst|directie|gemeente|burgemeester|baas|bazen)",
    r"(?<=, )(?:hè|hé|toch|niet|niet dan|zeker)(?=\?)|of niet soms",
)
# A statement with a question mark: "Je bent tevreden?"
STATED = rf"^(?:en )?(?:{YOU}) (?:bent|zijt|zijn|vindt|vinden|wil|wilt|willen|komt|komen|gaat|gaan|denkt|denken|hebt|hebben)\b"

NO = "niet|geen|nooit|niemand|niets|niks|nergens"
UNDONE = (
    "ontevreden|oneens|onveilig|onduidelijk|oneerlijk|onmogelijk|onvoldoende|ongezond|onnodig|onbelangrijk|onredelijk|"
    "onvriendelijk|onterecht|onhandig|ongelukkig|ongeschikt|onbeleefd|onaangenaam|onbetaalbaar|ontoegankelijk|onbereikbaar|"
    "verbieden|verboden|afschaffen|afgeschaft|weigeren|geweigerd|vermijden"
)
AGAINST = (
    r"tegen (?:het |een |dit |dat )?(?:verbod|afschaffen|afschaffing|verbieden|stoppen)",
    r"niet tegen (?:het |dit |dat |een )?(?:plan|voorstel|idee|verbod)",
)

_ASK = r"(?:wat (?:is|zijn|was)|welk|geef|schrijf|vul|zeg|noem|noteer|laat|stuur|tik|typ|deel|mogen (?:we|wij)|mag ik)"
_YOUR = r"(?:je|jouw|uw|jullie|ulle|uwe)"
_YOUR_THING = rf"{_ASK} (?:\S+ ){{0,3}}{_YOUR} (?:volledige |juiste |eigen |exacte )?"

# What may never be asked: who someone is, and what the General Data Protection Regulation, article 9, calls special.
# Arrears and what one earns stand beside them: they can cost a tenant the home.
PERSONAL = (
    # who and where
    _YOUR_THING + r"(?:naam|voornaam|familienaam|achternaam|voornaam en naam|namen)",
    rf"hoe (?:heet|heten) (?:{YOU})",
    r"wie (?:ben|bent|zijt) (?:je|jij|ge|gij|u)(?=[?.!]|$)",
    _YOUR_THING + r"(?:adres|thuisadres|woonadres|straat|huisnummer|busnummer|deurnummer)",
    rf"(?:op|in) (?:welk|welke) (?:adres|straat|huisnummer|nummer|appartement) (?:woon|woont|wonen) (?:{YOU})",
    rf"waar (?:woon|woont) (?:{YOU}) (?:precies|juist|exact)",
    _YOUR_THING + r"(?:telefoonnummer|gsm-?nummer|nummer|gsm|telefoon|e-?mail|mail|e-?mailadres|mailadres)",
    rf"(?:op|naar) welk (?:telefoon|gsm-?)?(?:nummer|(?:e-?)?mailadres) (?:kunnen|mogen|kan|mag) (?:we|wij|ik) {_YOUR}",
    r"rijksregister(?:nummer)?|insz(?:-nummer)?|nationaal nummer|identiteitskaartnummer|rekeningnummer|bankrekeningnummer",
    rf"nummer van {_YOUR} (?:identiteitskaart|paspoort|bankkaart|bankrekening|rekening)",
    rf"(?:geboortedatum|pincode|{_YOUR} wachtwoord)",
    rf"wanneer (?:ben|bent|zijt) (?:{YOU}) (?:jarig|geboren)",
    # health
    rf"(?:ben|bent|zijt|zijn|was|word|wordt) (?:{YOU}) (?:\S+ ){{0,2}}(?:ziek|zwanger|gehandicapt|invalide|verslaafd|depressief)",
    rf"(?:heb|hebt|hebben|lijd|lijdt) (?:{YOU}) (?:\S+ ){{0,3}}(?:ziekte|handicap|beperking|kanker|diabetes|depressie|astma)",
    rf"welke (?:ziekte|handicap|beperking|medicijnen|medicatie) (?:heb|hebt|neem|neemt) (?:{YOU})",
    rf"(?:neem|neemt|slik|slikt) (?:{YOU}) (?:\S+ )?(?:medicijnen|medicatie|pillen)",
    rf"hoe (?:is|gaat het met|staat het met) {_YOUR} gezondheid",
    rf"{_YOUR} (?:ziekte|handicap|medische toestand|medisch dossier|gezondheidsproblemen)",
    rf"(?:heb|hebt|hebben) (?:{YOU}) (?:\S+ ){{0,2}}(?:gezondheidsproblemen|gezondheidsklachten|psychische problemen)",
    rf"(?:gebruik|gebruikt|drink|drinkt) (?:{YOU}) (?:\S+ ){{0,2}}(?:drugs|alcohol|een rolstoel)",
    rf"(?:ga|gaat) (?:{YOU}) naar (?:een|de) (?:psycholoog|psychiater|therapeut)",
    # religion
    r"wat is (?:je|jouw|uw) (?:geloof|godsdienst|religie)|welk geloof|welke godsdienst|welke religie",
    rf"geloof(?:t)? (?:{YOU}) in (?:god|allah|iets)",
    rf"(?:ben|bent|zijt|zijn) (?:{YOU}) (?:een )?(?:gelovig|moslim|moslima|christen|katholiek|joods|hindoe|boeddhist|ongelovig)",
    rf"(?:ga|gaat) (?:{YOU}) (?:\S+ ){{0,3}}naar (?:de|een) (?:kerk|moskee|synagoge|tempel|mis)",
    rf"(?:draag|draagt) (?:{YOU}) (?:een )?(?:hoofddoek|kruisje|keppel)",
    rf"(?:bid|bidt|vast) (?:{YOU})\b|(?:vier|viert|doe|doet) (?:{YOU}) (?:mee (?:aan|met) )?(?:de )?ramadan",
    # origin and papers
    rf"waar (?:kom|komt|komen) (?:{YOU}) (?:oorspronkelijk |eigenlijk )?vandaan",
    rf"uit welk land (?:kom|komt|komen) (?:{YOU}|{_YOUR} \w+)|waar (?:ben|bent|zijt) (?:{YOU}) geboren|geboorteland",
    rf"{_YOUR} (?:afkomst|herkomst|nationaliteit|huidskleur|roots)|welke (?:afkomst|herkomst|nationaliteit|huidskleur)",
    rf"(?:ben|bent|zijt|zijn) (?:{YOU}) (?:\S+ )?(?:belg|marokkaan|turk|vluchteling|allochtoon|migrant|buitenlander|roma)",
    rf"(?:heb|hebt|wat is|welke?) (?:{YOU}|{_YOUR}) (?:\S+ ){{0,2}}verblijfs(?:vergunning|papieren|kaart|statuut|status)",
    r"welke? verblijfs(?:vergunning|papieren|kaart|statuut|status)",
    # party, union, whom one loves, the courts
    r"(?:op|voor|bij|van|in) welke (?:politieke )?partij|welke (?:politieke )?partij|politieke (?:voorkeur|mening|kleur)",
    rf"(?:stem|stemt|stemde) (?:{YOU}) (?:\S+ ){{0,2}}(?:links|rechts|bij de verkiezingen|n-va|vlaams belang|pvda|cd&v)",
    r"lid van (?:een|de|welke) (?:partij|politieke partij|vakbond)|welke vakbond",
    rf"{_YOUR} (?:seksuele )?(?:geaardheid|voorkeur in de liefde)",
    rf"(?:ben|bent|zijt|zijn) (?:{YOU}) (?:homo|hetero|lesbisch|biseksueel|transgender|trans)\b",
    rf"(?:heb|hebt|zat|ben) (?:{YOU}) (?:\S+ ){{0,3}}(?:strafblad|gevangenis|veroordeeld)",
    # arrears, debts, money
    rf"(?:zit|ben|bent|zijn|volg|volgt) (?:{YOU}) (?:\S+ ){{0,3}}(?:schuldbemiddeling|schuldhulp|schuldenregeling)",
    rf"{_YOUR} (?:huurachterstand|achterstallige huur|schulden)|hoeveel (?:huurachterstand|achterstand|schulden)",
    rf"(?:heb|hebt|hebben) (?:{YOU}) (?:\S+ ){{0,3}}(?:schulden|schuld|huurachterstand|achterstand|huurschuld)",
    rf"(?:ben|bent|zijt|zijn|zit|loop|loopt) (?:{YOU}) (?:\S+ ){{0,2}}achter (?:met|op) (?:de|je|uw|jouw) (?:\S+ )?"
    r"(?:huur|betaling|rekeningen)",
    rf"(?:betaal|betaalt|betalen|betaalde) (?:{YOU}) (?:de|je|jouw|uw|jullie) huur (?:\S+ )?(?:op tijd|te laat)",
    rf"(?:kan|kunt|kun) (?:{YOU}) (?:de|je|jouw|uw) huur (?:\S+ ){{0,2}}op tijd betalen",
    rf"hoeveel (?:verdien|verdient|verdienen) (?:{YOU})|hoeveel spaargeld (?:heb|hebt) (?:{YOU})",
    _YOUR_THING + r"(?:inkomen|loon|gezinsinkomen|uitkering|pensioen)",
)
# An option that names a trait gives it away as surely as a question.
PERSONAL_OPTION = (
    r"^(?:ik ben )?(?:een )?(?:moslim|moslima|christen|katholiek|protestant|joods|hindoe|boeddhist|ongelovig|atheïst)$",
    r"\b(?:vlaams belang|n-va|pvda|cd&v|open vld)\b",
    r"^ik (?:heb|ben|zit) (?:\S+ ){0,3}(?:schulden|schuld|huurachterstand|handicap|ziek|ziekte|beperking)\b",
    r"^(?:ik ben )?(?:een )?(?:homo|hetero|lesbisch|biseksueel|transgender|vluchteling)$",
)

PROMPT = (
    "kies|geef|vertel|schrijf|zeg|noem|zet|tik|duid|vul|beschrijf|leg|deel|stuur|laat|denk|teken|kruis|duw|help|stel|"
    "vergelijk|bekijk|rangschik"
)

SMALL_WORDS = frozenset(
    "niet geen nooit alle alles altijd nu moet moeten stop graag veel echt heel let allemaal gratis".split()
)  # what is shouted though it is short
ABBREVIATIONS = frozenset("vivas uitpas fluvius covid unesco unicef riziv".split())  # long, and written in capitals
