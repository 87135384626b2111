// Charts, loaded by the pages that show some.
import * as echarts from "echarts/core";

window.echarts = echarts;
