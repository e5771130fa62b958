new Talk();
new Calls();
