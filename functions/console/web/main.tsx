import './kit/no-eval';
import dayjs from 'dayjs';
import 'dayjs/locale/zh-cn';
import { createRoot } from 'react-dom/client';
import { App } from './app/app';
import { giveStylesTheNonce } from './app/nonce';
import './styles.css';

giveStylesTheNonce();
dayjs.locale('zh-cn');
const root = document.getElementById('root');
if (root) createRoot(root).render(<App />);
