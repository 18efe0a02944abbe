// Which of the messages that the server tells again are shown already. What counts is their order: who says the same twice is heard twice. This
// module is pure.

const byChance = 3; // fewer messages than that may be alike by chance
const surely = 8; // as many are not, unless the same words come again and again
const skew = 5_000; // ms by which two clocks may differ

// align finds where shown ends within the first upTo of told. It returns how many of told come up to there, and how many of those are
// shown: { end, count }; a count of 0: none.
//
// shown is without gaps, so told can have messages from before it and from after it, but all between are alike. With newest, nothing is after it; with
// oldest, nothing is before it.
export function align(shown, told, upTo, { newest, oldest }) {
  const fits = [];
  for (let end = upTo; end > 0; end--) {
    const count = Math.min(end, shown.length);
    if (areAlike(shown, told, end, count)) fits.push({ end, count });
  }
  if (newest && fits[0]?.end === upTo) return fits[0];
  const possible = fits.filter(({ end, count }) => count >= byChance || isPossible(shown, told, end, count));
  const first = oldest && possible.find(({ end, count }) => end === count && count === shown.length);
  return first || best(possible.map((fit) => ({ ...fit, drift: drift(shown, told, fit) })));
}

// pairs returns the pairs [told, shown] that align has found.
export function pairs(shown, told, { end, count }) {
  return Array.from({ length: count }, (_, n) => [told[end - 1 - n], shown[shown.length - 1 - n]]);
}

// best is where most is found. Where the same words come again and again there are many such places, and that is taken at which the times differ
// least; if they don't, rather something is shown twice than lost.
function best(fits) {
  const top = Math.max(...fits.map(({ count }) => count));
  const good = fits.filter(({ count }) => count >= Math.min(top, surely));
  return good.sort((a, b) => a.drift - b.drift || b.count - a.count || a.end - b.end)[0] ?? { end: 0, count: 0 };
}

function areAlike(shown, told, end, count) {
  for (let n = 1; n <= count; n++) {
    if (!isAlike(shown[shown.length - n], told[end - n])) return false;
  }
  return count > 0;
}

export function isAlike(a, b) {
  return a.text === b.text && a.kind === b.kind && a.name === b.name;
}

// drift is by how many ms the times differ on average.
function drift(shown, told, { end, count }) {
  let sum = 0;
  for (let n = 1; n <= count; n++) sum += Math.abs(told[end - n].time - shown[shown.length - n].time);
  return sum / count;
}

// isPossible is false where something would have been shown before it was said.
function isPossible(shown, told, end, count) {
  for (let n = 1; n <= count; n++) {
    if (told[end - n].time > shown[shown.length - n].time + skew) return false;
  }
  return true;
}
