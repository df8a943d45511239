const greeting: string = "Chuoi";

document.title = greeting;
