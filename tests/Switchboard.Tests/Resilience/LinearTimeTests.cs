using System.Text;
using Microsoft.Extensions.AI;
using Switchboard.Actions;
using Switchboard.Contract;
using Switchboard.Masks;
using Switchboard.Platforms;
using Switchboard.Speech;
using Switchboard.Steps;

namespace Switchboard.Tests.Resilience;

/// <summary>
/// Whoever reads what somebody else wrote needs time as its length: a text eight times as long may take 24 times as long here, where what is
/// quadratic takes 64 times. It is the time of the processor that counts, and the best of several runs, so that a busy machine does not.
/// </summary>
[Collection(nameof(LinearTimeTests))]
public sealed class LinearTimeTests
{
    private const int Length = 16_000;
    private const int Times = 8;
    private const int Tolerated = 24;
    private const int Attempts = 5;

    private static readonly string[] Units =
    [
        "<", "< ", "<ims ", "<ims agent ", "<imsagent", "<imsagent_transfer_call ", "<imsagent_transfer_call a=\"", "<imsagent_transfer_call x", "&", "&lt", "&lt;", "&#0", "&#x0", "&amp;", "&#", ";", "&#38;", "\\u005c", "\\u0026", "é", "\\u00", "{", "{ ", "{{ emotion ",
        "{{emotion=", "<No ", "<No Interrupting>", "<ims_agent_interrupted ", "</ ", "[", "![", "](", "[a](", "[a][", "(", ")", "*", "**", "***", "a*", "_", "_a", "__", "~", "~~", "a~~", "=", "==", "`", "``", "```",
        "```a", "~~~", "|", "| ", "|-", "-", "- ", "#", "# ", ">", "> ", "<b ", "<a b=", "<a b=\"", "<!--", "<think>", "<|", "【", "【1", "https://", "https://a", "www.", "h", "w", "a@", "\\", "\ud83d", "😀", "\u200d",
        " ", "\t", "\n", "\r\n", "\u200b", "\u0300", "5 h ", "1*", "《", "“", "1 ", "12 ", "0176 ", "one ", "four ", "double ", "hundert ", "hundert", "quatre-vingt-", "treinta y ", "4155550132 ", "4111 ", "DE89 ", "a at ", "+1 ", "1, ", "零", "字", "[^1]: ", "[ ](", "a] ", "<a>", "<td>",
    ];

    private static readonly NumberMask Mask = new([]);

    private static readonly Dictionary<string, Action<string>> Readers = new()
    {
        ["marks in what was heard"] = text => _ = ImsMarks.Neutralise(text),
        ["interruptions"] = text => _ = ImsMarks.NoteInterruptions(text),
        ["what is heard"] = text => _ = ImsMarks.IsHeard(text),
        ["spoken text"] = text => Speak([text]),
        ["spoken text, by the character"] = text => Speak(text.Select(character => character.ToString())),
        ["transfers"] = text => Transfers([text]),
        ["transfers, by the character"] = text => Transfers(text.Select(character => character.ToString())),
        ["leading directives, by the character"] = Lead,
        ["participant names"] = text => _ = ParticipantName.Clean(text),
        ["tokens"] = text => _ = TokenCount.Of(text),
        ["masks"] = text => _ = Mask.Any.Text(text),
    };

    public static TheoryData<string, string> Rows
    {
        get
        {
            var rows = new TheoryData<string, string>();
            foreach (var reader in Readers.Keys)
            {
                rows.Add(reader, "");
                rows.Add(reader, "<");
                // Not what the spoken text filter passes up to a length and reads only then.
                rows.Add(reader, reader.StartsWith("spoken", StringComparison.Ordinal) ? "[a](" : "<imsagent_transfer_call a=\"");
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Read_EightTimesTheLength_TakesNotMuchMoreThanEightTimes(string reader, string head)
    {
        foreach (var unit in Units)
        {
            AssertLinear($"{reader}: {head}{unit}", length => Repeat(head, unit, length), Readers[reader]);
        }
    }

    [Fact]
    public void Assemble_ManyFragmentsOfManyCalls_TakesTimeInProportion() => AssertLinear(
        "tool calls",
        length => $"[{string.Join(',', Enumerable.Range(0, length).Select(index => $$$"""{"index":{{{index}}},"id":"c","function":{"name":"n","arguments":"{}"}}"""))}]",
        text =>
        {
            var json = new System.Text.Json.Utf8JsonReader(Encoding.UTF8.GetBytes(text));
            json.Read();
            new ToolCallAssembler().ReadArray(ref json);
        });

    [Fact]
    public void Mask_ManyValuesOfALongName_TakesTimeInProportion() => AssertLinear(
        "masks",
        length => $$"""{"{{new string('x', length)}}":[{{string.Join(',', Enumerable.Repeat("\"0176 1234567\"", length / 16))}}]}""",
        text => _ = MaskedJson.Of(Mask.Any, text));

    private static void AssertLinear(string what, Func<int, string> text, Action<string> read)
    {
        var (small, large) = (text(Length / Times), text(Length));
        read(small);
        var (less, more) = (TimeSpan.MaxValue, TimeSpan.MaxValue);
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            // What takes less than a millisecond is measured badly, and hurts nobody.
            less = TimeSpan.FromTicks(Math.Max(TimeSpan.TicksPerMillisecond, Math.Min(less.Ticks, Measure(small, read).Ticks)));
            more = TimeSpan.FromTicks(Math.Min(more.Ticks, Measure(large, read).Ticks));
            if (more < Tolerated * less)
            {
                return;
            }
        }

        Assert.Fail($"{what}: {more / less:0.0} times as long");
    }

    private static TimeSpan Measure(string text, Action<string> read)
    {
        var before = Environment.CpuUsage.TotalTime;
        read(text);
        return Environment.CpuUsage.TotalTime - before;
    }

    private static string Repeat(string head, string unit, int length) => new StringBuilder(head).Insert(head.Length, unit, length / unit.Length).ToString();

    private static void Speak(IEnumerable<string> pieces)
    {
        var filter = new SpokenTextFilter();
        foreach (var piece in pieces)
        {
            _ = filter.Push(piece);
        }

        _ = filter.Complete();
    }

    private static void Transfers(IEnumerable<string> pieces)
    {
        var reader = new TransferReader(_ => "");
        foreach (var piece in pieces)
        {
            _ = reader.Push(piece);
        }

        _ = reader.Complete();
    }

    private static void Lead(string text)
    {
        var leading = new LeadingDirectives(new DirectivesOptions { NoInterrupting = true });
        foreach (var character in text)
        {
            _ = leading.Take([new TextContent(character.ToString())]);
        }
    }
}

/// <summary>Alone, since the time of the processor is that of the whole process.</summary>
[CollectionDefinition(nameof(LinearTimeTests), DisableParallelization = true)]
public sealed class LinearTimeGroup;
