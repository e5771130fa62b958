using System.Text;
using Switchboard.Contract;

namespace Switchboard.Tests.Contract;

public sealed class JsonBodyTests
{
    [Theory]
    [InlineData("""{"a":1,"a":2}""", "a", "'a' appears twice in the same object.")]
    [InlineData("""{"a":[0,{"b":{"c":1,"\u0063":2}}]}""", "a[1].b.c", "'a[1].b.c' appears twice in the same object.")]
    [InlineData("""{"a":{"":[1,"\ud83d"]}}""", "a.[1]", "'a.[1]' contains an unpaired surrogate escape.")]
    [InlineData("""{".":1,".":2}""", ".", "'.' appears twice in the same object.")]
    [InlineData("""[[1,{"a":1,"a":2}]]""", "[0][1].a", "'[0][1].a' appears twice in the same object.")]
    [InlineData("""{"a":{"\udc00":1}}""", "a", "'a' contains a property name with an unpaired surrogate escape.")]
    [InlineData("""{"\udc00":1}""", null, "The body contains a property name with an unpaired surrogate escape.")]
    public void Parse_FaultThatTheParserCannotPlace_NamesThePath(string body, string? path, string message)
    {
        var failure = Assert.Throws<ApiException>(() => JsonBody.Parse(Encoding.UTF8.GetBytes(body)));

        Assert.Equal(path, failure.Param);
        Assert.Equal(message, failure.Message);
    }

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
