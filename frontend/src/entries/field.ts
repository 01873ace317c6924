import "../field/app";
