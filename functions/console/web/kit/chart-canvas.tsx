import type { ChartConfiguration } from 'chart.js';
import {
  BarController,
  BarElement,
  CategoryScale,
  Chart as Drawing,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
} from 'chart.js';
import { useEffect, useRef } from 'react';
import type { ChartProps } from './chart-props';

Drawing.register(BarController, BarElement, LineController, LineElement, PointElement);
Drawing.register(CategoryScale, LinearScale, Legend, Tooltip);

/** Each stands out from white by 4.5 to 1 at least, and from its neighbours in lightness, too. */
const PALETTE = ['#0f5bd8', '#b45309', '#1a7f37', '#8e24aa', '#00707a', '#c62828', '#5b6472', '#a3195b'];

const INK = '#4b5462';
const GRID = '#e4e8ee';

type Config = ChartConfiguration<'bar' | 'line', (number | null)[], string>;

/** Draws, and redraws in place when its numbers change. */
export default function ChartCanvas(props: ChartProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const drawing = useRef<Drawing<'bar' | 'line', (number | null)[], string> | undefined>(undefined);
  useEffect(() => {
    const config = configOf(props);
    if (drawing.current) {
      drawing.current.data = config.data;
      if (config.options) drawing.current.options = config.options;
      drawing.current.update('none');
    } else if (canvas.current) {
      drawing.current = new Drawing(canvas.current, config);
    }
  }, [props]);
  useEffect(
    () => () => {
      drawing.current?.destroy();
      drawing.current = undefined;
    },
    [],
  );
  return <canvas ref={canvas} role="img" aria-label={props.name} />;
}

function configOf({ kind, labels, series, format, stacked = false, sideways = false }: ChartProps): Config {
  const numbers = {
    beginAtZero: true,
    stacked,
    grid: { color: GRID },
    ticks: { color: INK, maxTicksLimit: 6, callback: (value: number | string) => format(Number(value)) },
  };
  const names = {
    stacked,
    grid: { display: false },
    ticks: { color: INK, maxRotation: 0, autoSkipPadding: 14 },
  };
  return {
    type: kind === 'bars' ? 'bar' : 'line',
    data: {
      labels: [...labels],
      datasets: series.map(({ name, values, colour, dashed = false }, i) => {
        const ink = PALETTE[(colour ?? i) % PALETTE.length] ?? INK;
        return {
          label: name,
          data: [...values],
          backgroundColor: ink,
          borderColor: ink,
          ...(kind === 'lines' && {
            borderWidth: dashed ? 1.5 : 2,
            borderDash: dashed ? [6, 4] : [],
            pointRadius: dashed || labels.length > 60 ? 0 : 2,
            tension: 0,
          }),
          ...(kind === 'bars' && { maxBarThickness: 26 }),
        };
      }),
    },
    options: {
      animation: false,
      responsive: true,
      maintainAspectRatio: false,
      indexAxis: sideways ? 'y' : 'x',
      interaction: { mode: 'index', intersect: false, axis: sideways ? 'y' : 'x' },
      scales: sideways ? { x: numbers, y: names } : { x: names, y: numbers },
      plugins: {
        legend: {
          display: series.length > 1,
          position: 'bottom',
          labels: { color: INK, boxWidth: 12, ...(kind === 'lines' && { usePointStyle: true, pointStyle: 'line' }) },
        },
        tooltip: {
          callbacks: {
            label: ({ dataset, parsed }) => {
              const value = sideways ? parsed.x : parsed.y;
              return `${dataset.label ?? ''}: ${value === null ? '–' : format(value)}`;
            },
          },
        },
      },
    },
  };
}
