// Times stay right while a page is open, in the language of the page and in the zone of the reader.
const YEAR_SECONDS = 31536000;
// How often words are looked at: none is late by more.
const LOOK_SECONDS = 10;
const UNITS = [["day", 86400], ["hour", 3600], ["minute", 60]];
const root = document.documentElement;
// As the server writes them: digits and months like those of the words that stand there already.
const AS_THE_SERVER = { numberingSystem: "latn", calendar: "gregory" };
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const known = document.cookie.split("; ").includes(`zone=${zone}`);

// The server writes times in the zone of the browser, which it knows by this cookie.
if (zone && !known) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `zone=${zone}; Max-Age=${YEAR_SECONDS}; Path=/; SameSite=Lax${secure}`;
  // This page came in another zone, and the person has chosen none.
  if ("zoneAuto" in root.dataset && speaks(Intl.DateTimeFormat)) rewriteTitles();
}

// Where a browser does not know the language, what the server wrote is better than English.
if (speaks(Intl.RelativeTimeFormat)) {
  const words = new Intl.RelativeTimeFormat(root.lang, { style: "narrow", ...AS_THE_SERVER });
  const look = () => refresh(words);
  look();
  setInterval(look, LOOK_SECONDS * 1000);
  document.addEventListener("visibilitychange", look);
  window.addEventListener("pageshow", look);
}

function speaks(format) {
  return root.lang !== "" && format.supportedLocalesOf(root.lang).length > 0;
}

// The words of the server stand until they are no longer right, so that none change as a page comes.
function refresh(words) {
  if (document.hidden) return;
  for (const shown of document.querySelectorAll("[data-ago]:not([data-ago=''])")) {
    const seconds = (Date.now() - Date.parse(shown.closest("time").dateTime)) / 1000;
    const [unit, size] = UNITS.find(([, size]) => seconds >= size) ?? ["minute", 60];
    const count = Math.floor(seconds / size);
    // No words go back: the clock of this device is behind.
    if (count * size <= Number(shown.dataset.ago)) continue;
    shown.dataset.ago = count * size;
    shown.textContent = words.format(-count, unit);
  }
}

function rewriteTitles() {
  const format = new Intl.DateTimeFormat(root.lang, {
    year: "numeric", month: "long", day: "numeric",
    hour: "numeric", minute: "2-digit", timeZoneName: "shortOffset", ...AS_THE_SERVER,
  });
  for (const time of document.querySelectorAll("time[title]")) {
    const moment = new Date(time.dateTime);
    const write = ({ type, value }) =>
      type === "timeZoneName" && moment.getTimezoneOffset() === 0 ? "UTC" : value;
    time.title = format.formatToParts(moment).map(write).join("");
  }
}
