operatorKey.begin();
byId("confirm-yes").addEventListener("click", () => byId("confirm").close("yes"));
byId("confirm-no").addEventListener("click", () => byId("confirm").close());
new Talk();
new Calls();
new Overview();
place.begin();
