export const NAMES = [
  'Mara Lindqvist', 'Jonas Weber', 'Zoë van den Berg', 'Fatima El-Sayed', 'Ayşe Yılmaz', 'Lukas Müller', 'Chloé Fontaine', 'Tomasz Wiśniewski',
  'Ines Carvalho', 'Kenji Watanabe', 'Sophie Bauer', 'Oluwaseun Adeyemi', 'Petra Schönfeld', 'Liam O’Connor', 'Nguyễn Minh Anh', 'Elif Demir',
  'Bernd Krüger', 'Giulia Rossi', 'Marta Nowak', 'Henrik Sørensen', 'Дарья Соколова', 'Noor Haddad', 'Anna-Lena Vogt', 'Paul Becker',
  'Isabella Moreau', 'Emil Andersson', 'Jana Horáková', 'Dr. Friedrich-Wilhelm von Hohenstein-Altenburg', 'coffee.and.clouds', 'יעל כהן',
]
export const GROUPS = ['Wholesale Berlin', 'Roastery tour, Saturday', 'Press list', 'Café partners Süd']
export const QUESTIONS = [
  'Hi, is the Guji still available in 1 kg bags? The shop says sold out, but your story from yesterday says otherwise.',
  'Hallo, meine Bestellung 48213 ist seit Montag unterwegs. Können Sie nachsehen, wo sie steckt?',
  'The grinder I ordered arrived with a cracked hopper. I can send a picture if that helps.',
  'Do you ship to Norway? And roughly how long would it take',
  'Love the new packaging 😍',
  'Guten Morgen, kann ich das Abo für August pausieren? Wir sind drei Wochen im Urlaub.',
  'Your link in the last post does not work for me, it just spins: https://shop.nordlicht.coffee/summer?utm_source=ig',
  'Is there a way to change the delivery address after ordering?',
  'Thank you so much, that was quick!',
  'Ich habe zweimal dieselbe Rechnung bekommen (R-2291 und R-2292). Welche soll ich bezahlen?',
  'Any chance for a decaf in the next season? Asking for a friend who cannot sleep.',
  'The tasting on Saturday, is it still at 15:00?',
  'ok',
  'Könnt ihr mir sagen, ob die Maschine auch mit 110 V läuft? Ich ziehe nächsten Monat nach Kanada und würde sie gern mitnehmen.',
  'Still waiting for an answer. This is the third time I write.',
  'wow',
  'What grind would you recommend for a Chemex? I have been going back and forth between medium and medium-coarse, and the cups are either flat or a little bitter. Water is about 94 degrees, 30 g to 500 ml, and I pour in three steps.',
]
export const ANSWERS = [
  'Hello, thanks for writing. I am looking into it and will be back within the hour.',
  'Guten Tag, danke für Ihre Nachricht. Das Paket liegt seit heute früh im Zustellzentrum und kommt morgen.',
  'Yes, we do. Norway takes four to six working days, customs included.',
  'Of course. I have paused it until 1 September, you do not have to do anything.',
  'So sorry about that. A replacement leaves today, you can keep the other one.',
  'Gern geschehen.',
  'You can find everything here: https://nordlicht.coffee/help',
]
