/**
 * Emergencies and what only sounds like them, made by a grammar of its own: it shares no word list with the detector,
 * and the hand-written lines beside it share no template with it.
 */
import type { Random } from "../../sip/random.ts";

/** What a line is: a kind of emergency, or none. */
export const kinds = [
  "gas",
  "carbon-monoxide",
  "fire",
  "life",
  "power",
  "flood",
  "heating",
  "break-in",
  "lift",
] as const;
export type Kind = (typeof kinds)[number];
export type Label = Kind | "none";

type Grammar = Readonly<Record<string, readonly string[]>>;

// biome-ignore format: a table
const common: Grammar = {
  begin: ["", "", "", "", "hello", "hi there", "good evening", "erm", "yeah hi", "sorry", "right", "okay so", "excuse me", "oh hello love", "listen", "please", "hiya", "um, hi,"],
  who: ["I'm a tenant of yours", "it's number nine", "I rent the top flat", "I'm ringing from Mill Lane", "this is Dave from flat six", "I'm at my daughter's", "you manage our place", "I live at twenty two Priory Road"],
  aside: ["I was meant to ask about a viewing but", "I rang to book a viewing on Saturday but", "forget the viewing,", "never mind the rent,", "this isn't about the deposit,", "actually no, stop,", "before anything else,", "can I just say"],
  end: ["", "", "", "", "", "what should I do", "can somebody come", "I don't know who else to ring", "please hurry", "can you help me", "it's just started", "it's getting worse", "and I'm on my own", "right now", "I'm not joking"],
  room: ["utility room", "kitchen", "hall", "bathroom", "airing cupboard", "lounge", "back bedroom", "porch", "dining room", "conservatory"],
  relative: ["nephew", "uncle", "auntie", "grandad", "wife", "lodger", "mother in law", "housemate", "little lad", "youngest"],
  top: ["{begin} {say} {end}", "{begin} {who} and {say} {end}", "{begin} {aside} {say} {end}", "{say}", "{begin} {say}", "{who}, {say} {end}"],
};

// biome-ignore format: a table
const emergencies: Readonly<Record<Kind, Grammar>> = {
  gas: {
    say: ["there's a {how} smell of gas in the {room}", "the {room} smells {how2} of gas", "I can smell gas {where}", "we think there's a gas leak {where}", "gas is escaping from the {thing}", "the {thing} is leaking gas", "my {relative} noticed a {how} gas smell", "I keep smelling gas {where}", "somebody's cut through a gas pipe {where}", "it stinks of gas {where}", "we've got a leaking gas {thing2}"],
    how: ["strong", "horrible", "faint", "nasty", "slight", "terrible", "proper"], how2: ["strongly", "faintly", "badly", "terribly", "a bit"],
    where: ["in the {room}", "by the front door", "under the stairs", "outside the building", "on the landing", "when I open the {room} door"],
    thing: ["boiler", "meter", "cooker", "pipe behind the hob", "gas fire"], thing2: ["pipe", "hob", "meter", "cooker"],
  },
  "carbon-monoxide": {
    say: ["the carbon monoxide {box} is {does} in the {room}", "our carbon monoxide {box} has {did}", "the CO {box} keeps {does}", "there's carbon monoxide in the {room}", "my {relative} thinks it's carbon monoxide poisoning", "the carbon monoxide {box} won't stop {does}", "the {box} says there's carbon monoxide", "carbon monoxide is coming from the boiler"],
    box: ["alarm", "detector", "sensor"], does: ["going off", "beeping", "sounding", "screaming", "ringing", "bleeping"], did: ["gone off", "been triggered", "started beeping", "just gone off"],
  },
  fire: {
    say: ["the {thing} {has} caught fire", "the {thing} is on fire", "there's a fire in the {room}", "smoke is {pouring} out of the {thing}", "there are flames coming from the {thing}", "the {room} is full of smoke", "I can smell burning from the {thing}", "my {relative}'s set the {thing} on fire", "I can see smoke and flames in the {room}", "the {thing}'s just gone up in flames", "there's {lots} smoke coming from the {room}"],
    has: ["has", "has just", "must have"], pouring: ["pouring", "billowing", "coming"], lots: ["thick", "loads of", "black", "a lot of"],
    thing: ["tumble dryer", "fuse board", "chip pan", "microwave", "bin store", "wardrobe", "roof", "grill", "airing cupboard", "phone charger"],
  },
  life: {
    say: ["my {relative} has collapsed", "my {relative}'s not breathing", "my {relative} is unconscious in the {room}", "I think my {relative} is having a heart attack", "my {relative} can't breathe", "my {relative}'s been stabbed", "somebody's bleeding badly in the {room}", "my {relative} says he's going to kill himself", "there's a bloke with a knife in the {room}", "my {relative} has had an electric shock", "we need an ambulance for my {relative}", "my {relative} is choking"],
  },
  power: {
    say: ["there's no {power} {where}", "we've {lost} the {power}", "the {power} has gone off {where}", "we've got a power cut {where}", "the {power} went out and hasn't come back", "I've been without {power} {since}", "there's been no {power} {since}", "the {power} is off {where}", "every light's gone out and there's no {power}", "the trip switch went and now we've no {power}"],
    power: ["power", "electric", "electricity"], lost: ["lost", "completely lost", "just lost"],
    where: ["in the flat", "in the whole house", "at the property", "on our side of the road", "upstairs and downstairs"], since: ["since last night", "since six o'clock", "all afternoon", "for three hours"],
  },
  flood: {
    say: ["water is {pouring} through the {room} ceiling", "there's water {pouring} out of the {thing}", "the {thing} has burst", "the {room} is flooding", "the {room}'s under water", "we've had a burst pipe in the {room}", "the {thing} is leaking everywhere", "there's water all over the {room} floor", "there's a flood in the {room}", "my neighbour's {thing} is {pouring} water into my {room}", "the toilet is overflowing all over the {room}"],
    pouring: ["pouring", "gushing", "coming", "streaming", "flooding"], thing: ["water tank", "hot water tank", "washing machine", "pipe under the bath", "radiator pipe", "boiler"],
  },
  heating: {
    say: ["{off} and {who2}", "{who2} and {off}", "{off}, {who2}"],
    off: ["there's no heating", "the heating's broken", "the boiler has stopped working", "we've got no heating or hot water", "the heating has gone off", "our boiler's packed up", "the central heating isn't working", "I've had no heating for two days"],
    who2: ["I've a newborn here", "we've got a baby in the house", "my nan is ninety one", "I'm seventy nine", "my {relative} is disabled", "I'm eight months pregnant", "there's a two year old", "my {relative} has a heart condition", "I'm an old age pensioner", "my {relative} uses a wheelchair"],
  },
  "break-in": {
    say: ["we've been burgled", "someone has broken into {place}", "{place} has been broken into", "there's been a break in at {place}", "somebody's kicked in the {door}", "the {door} has been forced", "someone is trying to get in through the {door}", "I came home and the {door}'s been smashed in", "there's an intruder in {place}", "burglars have been in {place}"],
    place: ["the flat", "my house", "our place", "the property", "the maisonette"], door: ["back door", "front door", "kitchen window", "patio door", "bathroom window"],
  },
  lift: {
    say: ["I'm {stuck} in the lift", "my {relative} is {stuck} in the lift", "there are {people} {stuck} in the lift", "the lift's stopped and {people} can't get out", "we're {stuck} in the lift between the {floor} and the {floor}", "the lift has broken down with {people} inside", "somebody's {stuck} inside the lift on the {floor}"],
    stuck: ["stuck", "trapped"], people: ["two people", "an old couple", "some kids", "three of us", "a lady and her dog"], floor: ["first", "second floor", "ground floor", "fourth floor", "third"],
  },
};

// biome-ignore format: a table
const harmless: Grammar = {
  begin: common.begin ?? [], relative: common.relative ?? [], room: common.room ?? [],
  end: ["", "", "", "please", "if you know", "thanks", "I meant to ask", "that's all", "when you get a minute"],
  top: ["{begin} {say} {end}", "{say}", "{begin} {say}"],
  say: [
    "is there {a} {fixture} in the {room}", "does the {home} have {a} {fixture}", "when was the {fixture} last {serviced}", "I'd like a quote for {servicing} the {fixture}", "do I need {a} {fixture} to let my {home}",
    "there's no {smell} in the {room}, I was only asking", "we had {a2} {incident} {past}", "there was {a2} {incident} there {past} but it's all sorted", "the {incident} {past} has been dealt with", "has the {home} ever had {a2} {incident}",
    "what happens if there's {a2} {incident}", "am I insured for {a2} {incident}", "how likely is {a2} {incident} round there", "my {relative} was in {a2} {incident} {past}",
    "does the price include the {fixture}", "the {fixture} in the {room} looks lovely", "is the {home} all electric or does it have gas", "are the {bills} included in the rent", "could you tell me who supplies the {bills}",
    "I'm {swamped} {with}", "my {relative} is dying to see the {home}", "we're looking for a {home} with {a} {fixture}", "I'd like to book a viewing of the {home} with the {fixture}", "the {home} smelt of {smell2} when we looked round",
    "the {minor} in the {room}", "is there a lift to the {floor}", "can my {relative} get a lift to the viewing", "we're stuck {stuck} so we'll be late for the viewing", "the chain has collapsed because of my {relative}",
  ],
  a: ["a", "any sort of", "a working"], a2: ["a"],
  fixture: ["gas hob", "gas boiler", "fireplace", "log burner", "smoke alarm", "carbon monoxide detector", "fire escape", "fire door", "burglar alarm", "power shower", "electric fire", "radiator", "water meter"],
  serviced: ["serviced", "checked", "tested", "inspected"], servicing: ["servicing", "checking", "inspecting"],
  home: ["bungalow", "flat", "cottage", "terrace", "maisonette", "semi"],
  smell: ["smell of gas", "gas leak", "fire", "smoke"],
  incident: ["gas leak", "fire", "flood", "break in", "power cut", "burst pipe", "burglary"],
  past: ["two years ago", "last winter", "last year", "years ago", "in twenty eighteen", "at our old house last year"],
  bills: ["gas and electric", "water bills", "electricity", "heating costs"],
  swamped: ["swamped", "flooded", "drowning"], with: ["in paperwork", "with emails from agents", "with brochures"],
  smell2: ["paint", "wet dog", "cigarettes", "damp", "bleach", "flowers"],
  minor: ["tap drips", "bulb has gone", "extractor is noisy", "door sticks a bit", "plaster is cracked", "paint is peeling", "carpet is worn"],
  floor: ["third floor", "top floor", "penthouse"], stuck: ["in traffic", "at work", "on a train", "in a meeting"],
};

export type Line = { readonly label: Label; readonly text: string };

/** Different texts of that label; the same for the same random numbers. */
export function generate(label: Label, count: number, random: Random): Line[] {
  const grammar = label === "none" ? harmless : { ...common, ...emergencies[label] };
  const texts = new Set<string>();
  for (let tries = 0; texts.size < count && tries < count * 50; tries++) texts.add(expand("{top}", grammar, random));
  return [...texts].map((text) => ({ label, text }));
}

function expand(template: string, grammar: Grammar, random: Random): string {
  let text = template;
  for (let slot = /\{(\w+)\}/.exec(text); slot; slot = /\{(\w+)\}/.exec(text)) {
    text = text.replace(slot[0], random.pick(grammar[slot[1] ?? ""] ?? [""]));
  }
  return text.replace(/\s+/g, " ").trim();
}
