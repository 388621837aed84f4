/** Whether a server's question is for the password of the login: it is the server's own text, and may ask for anything. Pure. */

/** The word for a password in the languages in which PAM asks. */
const word =
  /passwor[dt]|passord|mot de passe|contraseña|contrasenya|senha|palavra-passe|wachtwoord|lösenord|adgangskode|salasana|hasło|heslo|jelszó|parol|şifre|lozinka|geslo|пароль|парола|κωδικός|סיסמה|كلمة|密码|密碼|口令|パスワード|암호|비밀번호|mật khẩu/iu;

/** What goes by that word and is another thing: a code that is used once, or a change of the password. */
const other =
  /one[- ]?time|once|einmal|otp|token|code\b|verif|\bpin\b|new\b|neues|nouveau|nueva|current|old\b|retype|again|repeat|change|expired/iu;

/** Whether the login's password may be given for a question whose answer is not shown. */
export function asksForPassword(question: string): boolean {
  // The name of a login or of its host may hold any word.
  const asked = question.replace(/\S{1,200}@\S{1,300}/g, '');
  return word.test(asked) && !other.test(asked);
}
