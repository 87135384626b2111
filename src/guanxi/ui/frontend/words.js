// The translated words that the scripts need, from the page's JSON island.
const island = document.getElementById("gx-words");
export const words = island ? JSON.parse(island.textContent) : {};

/** A sentence with its {places} filled in. */
export function say(key, ...values) {
  let index = 0;
  return (words[key] || key).replace(/\{\w+\}/g, () => String(values[index++]));
}
