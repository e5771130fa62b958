using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Switchboard.Contract;

namespace Switchboard.Tests.Contract;

/// <summary>A chunk reads the same whether or not one like it came before.</summary>
public sealed class ChunkReaderTests
{
    private const string First = """{"id":"c1","object":"chat.completion.chunk","created":1760000000,"model":"m","choices":[{"index":0,"delta":{"content":"One"},"finish_reason":null}],"usage":null}""";

    public static TheoryData<string> Seconds =>
    [
        With("One", " two"),
        With("One", ""),
        With("One", "你好 🌅"),
        With("One", """a \"quoted\" word\n\u00e9 \ud83c"""),
        With("One", "One'},'finish_reason':'length'},{'index':1,'delta':{'content':'x"),
        With("One", "One','content':'Other"),
        With("One", "One','refusal':'No."),
        With("One", "One','reasoning':'Hm."),
        With("One", "One\\"),
        With("One", "line\nbreak"),
        With("One", "'"),
        With("c1", "c2"),
        With("1760000000", "1760000001"),
        With("'usage':null", "'usage':{'prompt_tokens':1,'completion_tokens':2,'total_tokens':3}"),
        With("'finish_reason':null", "'finish_reason':'stop'"),
        With("'content':'One'", "'tool_calls':[{'index':0,'id':'a','function':{'name':'f','arguments':'{}'}}]"),
        First[..^1],
        First + "}",
        With("{'content':'One'}", "{'content':'One'"),
        """{"id":"c1"}""",
        "[DONE]",
    ];

    // Each but the first two says something beside its text that would be lost if only its text were read the second time.
    public static TheoryData<string> Learned =>
    [
        First,
        With("'content'", "'role':'assistant','refusal':null,'tool_calls':null,'content'"),
        With("'content'", "'refusal':'No. ','content'"),
        With("'content'", "'reasoning_content':'Hm.','content'"),
        With("'content'", "'tool_calls':[{'index':0,'id':'a','function':{'name':'f','arguments':'12'}}],'content'"),
        With("'content'", "'function_call':{'name':'f','arguments':'12'},'content'"),
        With("}],", "},{'index':0,'delta':{'refusal':'No. '}}],"),
        With("'usage':null", "'error':{'message':'Busy.'}"),
    ];

    [Theory]
    [MemberData(nameof(Seconds))]
    public void Read_ChunkLikeTheOneBefore_IsReadAsByItself(string second)
    {
        var experienced = new ChunkReader();
        _ = Read(experienced, First);

        Assert.Equal(Read(new ChunkReader(), second), Read(experienced, second));
    }

    [Theory]
    [InlineData("obfuscation", "Zk1p", true)]
    [InlineData("obfuscation", "", true)]
    [InlineData("p", "abcdefghijklmnop", true)]
    [InlineData("obfuscation", "Zk','choices':[{'index':0,'delta':{'content':'!'}}],'p':'x", false)]
    [InlineData("obfuscation", "Zk\\", false)]
    [InlineData("obfuscation", "Zk'},{'a':'b", false)]
    [InlineData("model", "other", false)]
    [InlineData("error", "busy", false)]
    public void Read_ChunkWithOtherPadding_IsTakenWithoutParsingWhereItIsPadding(string field, string padding, bool isTaken)
    {
        var (first, second) = (Padded("q8X"), Padded(padding).Replace("One", " two", StringComparison.Ordinal));
        var experienced = new ChunkReader();
        _ = Read(experienced, first);
        var repeated = new RepeatedChunk();
        var start = first.IndexOf("One", StringComparison.Ordinal);
        repeated.Learn(Encoding.UTF8.GetBytes(first), start..(start + 3));

        Assert.Equal(Read(new ChunkReader(), second), Read(experienced, second));
        Assert.Equal(isTaken, repeated.TryRead(Encoding.UTF8.GetBytes(second), out var text));
        Assert.Equal(isTaken ? " two" : null, text);

        string Padded(string value) => With("'usage':null}", $"'usage':null,'{field}':'{value}'}}");
    }

    [Theory]
    [MemberData(nameof(Learned))]
    public void Read_SameChunkTwice_SaysEverythingTwice(string chunk)
    {
        // The second reader has every chunk in another form, so that none is like the one before.
        var chunks = new[] { chunk, chunk, With("'finish_reason':null", "'finish_reason':'stop'") };
        var (plain, varied) = (new ChunkReader(), new ChunkReader());

        for (var index = 0; index < chunks.Length; index++)
        {
            Assert.Equal(Read(varied, chunks[index][..^1] + new string(' ', index) + "}"), Read(plain, chunks[index]));
        }

        Assert.Equal(varied.HasAnswer, plain.HasAnswer);
        Assert.Equal(varied.Error, plain.Error);
    }

    [Theory]
    [InlineData(" ")]
    [InlineData("\\n\\t")]
    [InlineData("")]
    public void Read_BlankFinishReason_IsNoneYet(string reason)
    {
        var reader = new ChunkReader();

        var update = reader.Read("message", Encoding.UTF8.GetBytes(With("'finish_reason':null", $"'finish_reason':'{reason}'")));

        Assert.Equal(("One", null, false), (update!.Text, update.FinishReason, reader.IsFinished));
    }

    [Fact]
    public void Read_BytesThatAreNoText_AreHeardAsReplaced()
    {
        var reader = new ChunkReader();
        _ = Read(reader, First);
        var broken = Encoding.UTF8.GetBytes(First);
        broken[First.IndexOf("One", StringComparison.Ordinal)] = 0xFF;

        var update = reader.Read("message", broken);

        Assert.Equal("\ufffdne", update!.Text);
    }

    [Fact]
    public void Read_ErrorEventLikeTheChunkBefore_IsAnError()
    {
        var reader = new ChunkReader();
        _ = Read(reader, First);

        _ = reader.Read("error", Encoding.UTF8.GetBytes(First));

        Assert.NotNull(reader.Error);
    }

    // With single quotes for double ones.
    private static string With(string part, string other) =>
        First.Replace(part.Replace('\'', '"'), other.Replace('\'', '"'), StringComparison.Ordinal);

    private static string Read(ChunkReader reader, string chunk)
    {
        try
        {
            var update = reader.Read("message", Encoding.UTF8.GetBytes(chunk));
            return update is null ? "nothing" : $"{update.ResponseId} {update.ModelId} {update.CreatedAt} {update.FinishReason}: {string.Join("; ", update.Contents.Select(Describe))}";
        }
        catch (JsonException)
        {
            return "no JSON";
        }
    }

    private static string Describe(AIContent content) => content switch
    {
        TextContent text => $"text {text.Text}",
        TextReasoningContent reasoning => $"reasoning {reasoning.Text}",
        FunctionCallContent call => $"call {call.Name} {call.Arguments?.Count}",
        ErrorContent error => $"refusal {error.Message}",
        _ => content.GetType().Name,
    };
}
