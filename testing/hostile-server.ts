/** For tests: seeded texts of the kinds that trip encoders of mail. */

/** Numbers below a bound, the same for the same seed. */
export function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return Math.floor((state / 2147483648) * below);
  };
}

/** Accents, long words, spaces before line ends, equal signs, lone dots, emoji, ends of lines of all kinds. */
const words = [
  "a",
  "été",
  "=",
  "==3D",
  "…",
  "👩🏽‍🎓",
  "x".repeat(80),
  "mot",
  ".",
  "..",
  "\n..mot",
  " ",
  "\t",
  "Ça",
  "\n",
  "\r\n",
  " \n",
  "\t\r\n",
  "\n.\n",
  "é".repeat(40),
  "From moi",
  "\nFrom moi",
  "--_NmP-0123456789abcdef-Part_1",
  "=?UTF-8?Q?x?=",
  "a\rb",
];

const slots = [
  '{{ contact.firstName | default: "vous" }}',
  "{{ organisation.name }}",
  "{{ links.unsubscribe }}",
  "{{ words.reason }}",
  "{{ words.reasonText }}",
  "{{ contact.city | upcase }}",
];

/** `length` words; one in `slotEvery` is a slot. */
export function hostileText(next: (below: number) => number, length: number, slotEvery = 0): string {
  return Array.from({ length }, () =>
    slotEvery > 0 && next(slotEvery) === 0
      ? slots[next(slots.length)]
      : words[next(words.length)] + (next(2) ? " " : ""),
  ).join("");
}
