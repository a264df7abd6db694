// After a proof of who one is: goes on with what it interrupted, without another press.

const next = document.querySelector("[data-go-on]");
if (next instanceof HTMLFormElement) next.requestSubmit();
else if (next) location.assign(next.href);
