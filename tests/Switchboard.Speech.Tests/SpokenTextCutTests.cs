using System.Text;

namespace Switchboard.Speech.Tests;

public sealed class SpokenTextCutTests
{
    private static readonly string[] Scraps =
    [
        "*", "**", "***", "_", "__", "~~", "`", "``", "```", "```\n", "\n", "\n\n", "\r\n", " ", "  ", "\t", "# ", "- ", "+ ", "> ", "1. ", "[", "]", "](", "![", ")", "(",
        "<", ">", "</", "<b>", "<br>", "<think>", "</think>", "<!--", "-->", "<imsagent_hangup endword=\"", "\"/>", "<No Interrupting>", "{{emotion=sad}}", "&", "&amp;", "&#",
        ";", "|", " | ", "|---|", "---", "===", "https://", "http://www.", "www.", "example.com", "/path?x=1", ".", ". ", ", ", "!", "?", "word", "snake_case", "h", "w",
        "ht", "3", "5", "[1]", "[^1]", "[^1]: ", "【1†source】", "【", "😀", "👨‍👩‍👧", "\ud83d", "\ude00", "\ufe0f", "\u200d", "1️⃣", "重要", "。", "é", "e\u0301", "\\", "-", "=", "#", ":", "†", "<|", "|>",
        "~~~\n", "•", "'", "\"", "~", "@", "x", "==", "5 h", " !", "[0]", "[cite: 2]", "[!NOTE]", "ww", "--- | ---\n", "\u202f", "<seed:think>", "<|START_THINKING|>", "<|END_THINKING|>",
        "<|channel|>", "analysis", "final", "<|message|>", "<|end|>", "<|start|>assistant", "<｜", "｜", "<｜tool▁calls▁begin｜>", "<｜tool▁calls▁end｜>", "<｜DSML｜invoke name=\"x\">", "</｜DSML｜invoke>", "[THINK]",
        "[/THINK]", "[TOOL_CALLS]", "{", "}", "{\"name\": \"x\", ", "\"arguments\": {}", "◁think▷", "◁/think▷", "✿FUNCTION✿", "✿RETURN✿", "<function=", "</function>", "<|im_start|>user\n", "<|im_end|>",
        "<|python_tag|>", "<tool_call>", "</tool_call>", "]<]minimax[>[", "[x(a=", "<|tool_call>", "<tool_call|>", "<invoke name=\"x\"/>",
        "*sighs*", "*clears throat", "pauses", "laughs", " (", "[laughs]", "takes a deep breath", "Well", "~~~", "____", "****", "──", "<break time=\"1s\"/>", "<spell", "</spell>", "笑",
        "Thought: ", "\nAction: x\nAction Input: {}", "\nObservation: ", "\nFinal Answer: ", "analysisThe", "assistantfinal", "assistantcommentary",
    ];

    public static TheoryData<string> Texts =>
    [
        .. SpokenTextFilterTests.Marked.Select(row => row.Data.Item1), .. SpokenTextFilterTests.Unmarked.Select(row => row.Data),
    ];

    [Fact]
    public void Push_AllRowsInOneText_DoesNotDependOnTheCuts() =>
        AssertAnyCut(string.Join('\n', Texts.Select(row => row.Data)), new Random(3), 200, longest: 40);

    [Theory]
    [MemberData(nameof(Texts))]
    public void Push_TextCutAtRandom_DoesNotDependOnTheCuts(string text)
    {
        var random = new Random(text.Length * 7919);
        AssertAnyCut(text, random, 60, longest: 3);
        AssertAnyCut(text, random, 60, longest: 9);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Push_ScrapsOfMarks_DoesNotDependOnTheCuts(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 1500; round++)
        {
            AssertAnyCut(Scrap(random, random.Next(2, 40)), random, 4, longest: random.Next(1, 12));
        }
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public void Push_LongScrapsOfMarks_DoesNotDependOnTheCuts(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 60; round++)
        {
            var unit = Scrap(random, random.Next(1, 4));
            AssertAnyCut(string.Concat(Enumerable.Repeat(unit, 1200 / unit.Length)) + Scrap(random, 20), random, 3, longest: random.Next(1, 500));
        }
    }

    private static void AssertAnyCut(string text, Random random, int cuts, int longest)
    {
        var options = new SpokenTextOptions { CodePhrase = random.Next(2) == 0 ? "Here is the code." : null, SpeechTags = random.Next(2) == 0 ? ["break", "spell"] : [] };
        var whole = Spoken.Whole(text, options);
        var calls = Spoken.Calls([text], options);
        for (var cut = 0; cut < cuts; cut++)
        {
            var pieces = RandomPieces.Of(text, random, longest).ToList();
            var spoken = Spoken.Cut(pieces, options);
            Assert.Equal(calls, Spoken.Calls(pieces, options));
            if (spoken != whole)
            {
                Assert.Fail($"{Shown(string.Join('¦', pieces))}\nis {Shown(spoken)}\nnot {Shown(whole)}");
            }
        }
    }

    private static string Scrap(Random random, int count)
    {
        var text = new StringBuilder();
        for (var index = 0; index < count; index++)
        {
            text.Append(Scraps[random.Next(Scraps.Length)]);
        }

        return text.ToString();
    }

    private static string Shown(string text) => text.Replace("\n", "\\n").Replace("\r", "\\r").Replace("\ud83d", "\\ud83d").Replace("\ude00", "\\ude00");
}
