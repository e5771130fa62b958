using System.Buffers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Switchboard.Contract;

namespace Switchboard.Tests.Contract;

/// <summary>What becomes of system and developer messages, by what the upstream takes.</summary>
public sealed class RoleOrderTests
{
    // Each message as its role's first letter and its text; u(a|b) are two texts in one message.
    [Theory]
    [InlineData("s:A u:B", "s:A u:B")]
    [InlineData("d:A u:B", "s:A u:B")]
    [InlineData("s:A d:B s:C u:D", "s:A/B/C u:D")]
    [InlineData("u:A s:B", "u:A/[System message] B")]
    [InlineData("s:A u:B a:C s:D u:E", "s:A u:B a:C u:[System message] D/E")]
    [InlineData("s:A u:B a:C d:D s:E u:F", "s:A u:B a:C u:[System message] D/[System message] E/F")]
    [InlineData("u:A s:B a:C", "u:A/[System message] B a:C")]
    [InlineData("u:A a:B s:C", "u:A a:B u:[System message] C")]
    [InlineData("u:A c:x t:R s:B", "u:A c:x t:R/[System message] B")]
    [InlineData("u:A c:x t:R s:B a:C", "u:A c:x t:R/[System message] B a:C")]
    [InlineData("u:A c:x t:R s:B u:C", "u:A c:x t:R u:[System message] B/C")]
    [InlineData("a:A s:B a:C", "a:A u:[System message] B a:C")]
    [InlineData("s:A", "s:A")]
    public void Write_SystemAtHeadOnly_LosesNothingAndKeepsTheOrder(string messages, string written) =>
        Assert.Equal(written, Written(messages, new RequestShape("m")));

    [Theory]
    [InlineData(true, "s:A u:B d:C a:D s:E")]
    [InlineData(false, "s:A u:B s:C a:D s:E")]
    public void Write_SystemAnywhere_LeavesAllWhereItIs(bool knowsDeveloper, string written) =>
        Assert.Equal(written, Written("s:A u:B d:C a:D s:E", new RequestShape("m") { SystemAtHead = false, KnowsDeveloper = knowsDeveloper }));

    [Fact]
    public void Write_PictureBehindASystemMessage_StaysAPart()
    {
        ChatMessage[] messages = [new(ChatRole.User, "A"), new(ChatRole.Assistant, "B"), new(ChatRole.System, "C"), new(ChatRole.User, [new UriContent("https://x.example/p.png", "image/png")])];

        var content = Body(messages, new RequestShape("m")).GetProperty("messages")[2].GetProperty("content");

        Assert.Equal(["text", "image_url"], content.EnumerateArray().Select(part => part.GetProperty("type").GetString()));
    }

    private static string Written(string messages, RequestShape shape) => string.Join(' ', Body(messages.Split(' ').Select(Message), shape)
        .GetProperty("messages").EnumerateArray().Select(Short));

    private static JsonElement Body(IEnumerable<ChatMessage> messages, RequestShape shape)
    {
        var body = new ArrayBufferWriter<byte>();
        CompletionRequestWriter.Write(body, shape, messages, null);
        return JsonElement.Parse(Encoding.UTF8.GetString(body.WrittenSpan));
    }

    private static ChatMessage Message(string text) => (text[0], text[2..]) switch
    {
        ('s', var words) => new(ChatRole.System, words),
        ('d', var words) => new(WireRoles.Developer, words),
        ('u', var words) => new(ChatRole.User, words),
        ('a', var words) => new(ChatRole.Assistant, words),
        ('c', var id) => new(ChatRole.Assistant, [new FunctionCallContent(id, "f")]),
        (_, var result) => new(ChatRole.Tool, [new FunctionResultContent("x", result)]),
    };

    private static string Short(JsonElement message) => message.TryGetProperty("tool_calls", out var calls)
        ? $"c:{calls[0].GetProperty("id").GetString()}"
        : $"{message.GetProperty("role").GetString()![0]}:{message.GetProperty("content").GetString()!.Replace("\n\n", "/", StringComparison.Ordinal).Replace('\n', ' ')}";
}
