using System.Buffers;
using System.Text;
using System.Text.Json;
using Switchboard.Contract;

namespace Switchboard.Tests.Contract;

public sealed class ChunkWriterTests
{
    public static TheoryData<string, string> Texts => new()
    {
        { "word ", "word " },
        { "你好 для é", "你好 для é" },
        { "sunrise 🌅", """sunrise \uD83C\uDF05""" },
        { "a \"quote\", a \\ and a\nline", """a \"quote\", a \\ and a\nline""" },
        { "line\u2028separator\u0085", """line\u2028separator\u0085""" },
        { "half \ud83c a pair", """half \uFFFD a pair""" },
        { new string('你', 300), new string('你', 300) },
        { new string('"', 300), string.Concat(Enumerable.Repeat("\\\"", 300)) },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public void WriteContent_AnyText_IsOneChunkWithItAsJson(string text, string json)
    {
        var output = new ArrayBufferWriter<byte>(16);
        var head = CompletionHead.Create("demo", TimeProvider.System);
        using var chunks = new ChunkWriter(output, head, withUsage: false, AnswerForm.Plain);

        chunks.WriteContent(text);

        var chunk = Encoding.UTF8.GetString(output.WrittenSpan);
        Assert.Equal(
            $$$"""data: {"id":"{{{head.Id}}}","object":"chat.completion.chunk","created":{{{head.Created}}},"model":"demo","choices":[{"index":0,"delta":{"content":"{{{json}}}"},"finish_reason":null}]}""" + "\n\n",
            chunk);
        using var parsed = JsonDocument.Parse(chunk["data: ".Length..]);
    }
}
