namespace Switchboard.Speech.Tests;

internal static class EmojiRows
{
    public static TheoryData<string, string> Rows => new()
    {
        { "Hello 😀 world", "Hello world" },
        { "Hello😀world", "Helloworld" },
        { "Hello 😀", "Hello " },
        { "😀 Hello", "Hello" },
        { "😀", "" },
        { "Hi! 🎉🎊🥳 Welcome", "Hi! Welcome" },
        { "Hearts ❤️ 💙 💚 here", "Hearts here" },
        { "Family 👨‍👩‍👧‍👦 day", "Family day" },
        { "Coder 👩🏽‍💻 here", "Coder here" },
        { "Wave 👋🏿!", "Wave !" },
        { "**Wave** again 👋🏿! Bye 👋.", "Wave again! Bye." },
        { "**Super** 👋 ! Et « oui 👍 » !", "Super ! Et « oui » !" },
        { "*Bye* 👋\nNow", "Bye\nNow" },
        { "**好** 的👋。", "好 的。" },
        { "Flag 🇩🇪 and 🏴󠁧󠁢󠁥󠁮󠁧󠁿 and 🏳️‍🌈", "Flag and and" },
        { "1️⃣ First\n2️⃣ Second", "1 First\n2 Second" },
        { "Weather ☀️ ⛅ 🌙 ⭐ ok", "Weather ok" },
        { "✅ Done\n❌ Failed", "Done\nFailed" },
        { "One\n🎉\nTwo", "One\nTwo" },
        { "- 😀 item\n- item 🎉", "item\nitem" },
        { "Call ☎ now ⚠️", "Call now" },
        { "© 2024 Example™ and ®", "© 2024 Example™ and ®" },
        { "©️ and ™️", "© and ™" },
        { "5 °C, 10 €, 3 £, ½ litre, № 5", "5 °C, 10 €, 3 £, ½ litre, № 5" },
        { "a → b, 3 × 4, 6 ÷ 2, ≠ ≤ ≥", "a → b, 3 × 4, 6 ÷ 2, ≠ ≤ ≥" },
        { "好的😊没问题", "好的没问题" },
        { "क्‍ष stays", "क्‍ष stays" },
        { "می‌خواهم", "می‌خواهم" },
        { "𠮷野家 and 𝒳", "𠮷野家 and 𝒳" },
        { "half \ud83d", "half \ud83d" },
        { "half \ude00 low", "half \ude00 low" },
        { "**🔥 Hot:** now", "Hot: now" },
        { "## 🚀 Launch", "Launch" },
        { "🎵 ♪ ♫ la", "la" },
    };
}
