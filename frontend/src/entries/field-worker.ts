import "../field/worker";
