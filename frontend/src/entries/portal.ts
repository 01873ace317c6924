import "../parts/start";
