import dayjs from 'dayjs';
import 'dayjs/locale/zh-cn';
import { createRoot } from 'react-dom/client';
import { App } from './app/app';
import './styles.css';

dayjs.locale('zh-cn');
const root = document.getElementById('root');
if (root) createRoot(root).render(<App />);
