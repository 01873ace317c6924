import { start } from "../parts/start";
import { fillField, keyboardRows } from "../parts/rows";
import { foldSide } from "../parts/side";
import "../islands/area-map";
import "../islands/method-editor";

start("[data-rows]", keyboardRows);
start("button[data-fill]", fillField);
start("[data-side]", foldSide);
