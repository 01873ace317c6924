import "../islands/data-chart";
