// [data-focused] below others: the post that one came for is looked at first, not the first of all.
const post = document.querySelector(".thread-above ~ * [data-focused]");
const [navigation] = performance.getEntriesByType("navigation");

if (post && !location.hash && navigation?.type === "navigate") {
  const { top } = post.getBoundingClientRect();
  if (top > innerHeight / 2) post.scrollIntoView({ block: "start", behavior: "instant" });
}
