// The server's clock and ours may differ. What the server tells the time of is put on our clock.

let ahead = 0; // ms that the server's clock is ahead of ours

// compareClocks asks the server for its time, at that address. Without an answer, the clocks are taken to agree.
export async function compareClocks(url) {
  try {
    const before = Date.now();
    const answer = await fetch(url, { method: "HEAD", cache: "no-store" });
    const told = Date.parse(answer.headers.get("Date") ?? "");
    if (!Number.isNaN(told)) ahead = told + 500 - (before + Date.now()) / 2;
  } catch {
    ahead = 0;
  }
}

// toOurs puts a time of the server on our clock. The precision is a second or two.
export function toOurs(time) {
  return Math.abs(ahead) < 2000 ? time : time - ahead;
}

const hourAndMinute = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const dayAndMonth = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });
const dayOfAYear = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
const isThisYear = (time) => new Date(time).getFullYear() === new Date().getFullYear();

export const clockTime = (time) => hourAndMinute.format(time);
export const dayName = (time) => (isThisYear(time) ? dayAndMonth : dayOfAYear).format(time);

// momentText is the time alone today, else with its day.
export function momentText(time) {
  const isToday = new Date(time).toDateString() === new Date().toDateString();
  return isToday ? clockTime(time) : `${dayName(time)}, ${clockTime(time)}`;
}
