using System.Text;
using Switchboard.Contract;

namespace Switchboard.Tests.Contract;

public sealed class JsonBodyTests
{
    [Theory]
    [InlineData("""{"a":1,"a":2}""", "a", "'a' appears twice in the same object.")]
    [InlineData("""{"a":[0,{"b":{"c":1,"\u0063":2}}]}""", "a[1].b.c", "'a[1].b.c' appears twice in the same object.")]
    [InlineData("""{".":1,".":2}""", ".", "'.' appears twice in the same object.")]
    [InlineData("""{"\udc00":1,"\ud800":2}""", "\ufffd", "'\ufffd' appears twice in the same object.")]
    [InlineData("""[[1,{"a":1,"a":2}]]""", "[0][1].a", "'[0][1].a' appears twice in the same object.")]
    public void Parse_FaultThatTheParserCannotPlace_NamesThePath(string body, string? path, string message)
    {
        var failure = Assert.Throws<ApiException>(() => JsonBody.Parse(Encoding.UTF8.GetBytes(body)));

        Assert.Equal(path, failure.Param);
        Assert.Equal(message, failure.Message);
    }

    [Theory]
    [InlineData("""{"a":"Sure \ud83d"}""", """{"a":"Sure \ufffd"}""")]
    [InlineData("""{"a":"\ude00 x"}""", """{"a":"\ufffd x"}""")]
    [InlineData("""{"a":"\uD83D\uDE00"}""", """{"a":"\uD83D\uDE00"}""")]
    [InlineData("""{"a":"\ud83d\ud83d\ude00"}""", """{"a":"\ufffd\ud83d\ude00"}""")]
    [InlineData("""{"a":"\ude00\ud83d"}""", """{"a":"\ufffd\ufffd"}""")]
    [InlineData("""{"a":"\\ud83d"}""", """{"a":"\\ud83d"}""")]
    [InlineData("""{"a":"\\\ud83d\""}""", """{"a":"\\\ufffd\""}""")]
    [InlineData("""{"a":"\ud83d\u0020"}""", """{"a":"\ufffd\u0020"}""")]
    [InlineData("""{"\udc00":{"b":["\ud83d"]}}""", """{"\ufffd":{"b":["\ufffd"]}}""")]
    public void Parse_HalfACharacter_BecomesTheReplacementCharacter(string body, string read)
    {
        using var json = JsonBody.Parse(Encoding.UTF8.GetBytes(body));

        Assert.Equal(read, json.RootElement.GetRawText());
    }

    [Theory]
    [InlineData("""{"a":"\""")]
    [InlineData("""{"a":"\u""")]
    [InlineData("""{"a":"\ud8""")]
    [InlineData("""{"a":"\ud83d""")]
    [InlineData("""{"a":"\ud83d\""")]
    [InlineData("""{"a":"\ud83x"}""")]
    public void Parse_EscapeThatIsCut_IsRefused(string body) => Assert.Equal(400, Assert.Throws<ApiException>(() => JsonBody.Parse(Encoding.UTF8.GetBytes(body))).Status);

    [Theory]
    [InlineData('p')]
    [InlineData('[')]
    public void Parse_LongNameAboveManyElements_CostsTheirSumAndNotTheirProduct(char letter)
    {
        var name = new string(letter, 100_000);
        var body = Encoding.UTF8.GetBytes($$"""{"{{name}}":[1{{string.Concat(Enumerable.Repeat(",1", 5_000))}}],"a":1,"a":2}""");
        var before = GC.GetAllocatedBytesForCurrentThread();

        var failure = Assert.Throws<ApiException>(() => JsonBody.Parse(body));

        Assert.Equal("a", failure.Param);
        // The body is 110 kB; a path for each element would be 1 GB.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000_000);
    }

    [Fact]
    public void Parse_LongPath_IsCut()
    {
        var name = new string('n', 199) + "😀" + new string('n', 50_000);
        var failure = Assert.Throws<ApiException>(() => JsonBody.Parse(Encoding.UTF8.GetBytes($"{{\"{name}\":{{\"a\":1,\"a\":2}}}}")));

        Assert.Equal(new string('n', 199) + "…", failure.Param);
        Assert.Equal($"'{failure.Param}' appears twice in the same object.", failure.Message);
    }
}
