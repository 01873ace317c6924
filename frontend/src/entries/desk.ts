import "../parts/start";
import "../islands/method-editor";
