namespace Caller.Tests.Wire;

public sealed class EndpointTests
{
    [Theory]
    [InlineData("http://127.0.0.1:7071/v1", "http://127.0.0.1:7071/v1/chat/completions")]
    [InlineData("http://127.0.0.1:7071/v1/", "http://127.0.0.1:7071/v1/chat/completions")]
    [InlineData("https://example.com", "https://example.com/chat/completions")]
    [InlineData("https://example.com/a?tenant=7", "https://example.com/a/chat/completions?tenant=7")]
    public void TryCreate_BaseUrl_AppendsThePath(string typed, string expected)
    {
        Assert.True(Caller.Wire.Endpoint.TryCreate(typed, [], out var endpoint, out _));
        Assert.Equal(expected, endpoint.Turns.ToString());
        Assert.Null(endpoint.Warning);
    }

    [Fact]
    public void TryCreate_PathAlreadyTyped_WarnsAndDoesNotDoubleIt()
    {
        Assert.True(Caller.Wire.Endpoint.TryCreate("http://h/v1/chat/completions/", [], out var endpoint, out _));
        Assert.Equal("http://h/v1/chat/completions", endpoint.Turns.ToString());
        Assert.Contains("/chat/completions", endpoint.Warning, StringComparison.Ordinal);
    }

    [Fact]
    public void TryCreate_Query_IsEscapedAndAppended()
    {
        Assert.True(Caller.Wire.Endpoint.TryCreate("http://h/v1?x=1", ["task_id=a b&c", "room_id="], out var endpoint, out _));
        Assert.Equal("?x=1&task_id=a%20b%26c&room_id=", endpoint.Turns.Query);
    }

    [Theory]
    [InlineData("ftp://h")]
    [InlineData("h/v1")]
    [InlineData("http://user:secret@h/")]
    [InlineData("http://h/#part")]
    public void TryCreate_Unusable_SaysWhatIsWrong(string typed)
    {
        Assert.False(Caller.Wire.Endpoint.TryCreate(typed, [], out _, out var error));
        Assert.StartsWith("URL", error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error, StringComparison.Ordinal);
    }

    [Fact]
    public void TryCreate_QueryWithoutName_SaysWhatIsWrong()
    {
        Assert.False(Caller.Wire.Endpoint.TryCreate("http://h", ["=1"], out _, out var error));
        Assert.Equal("--query '=1' is not of the form name=value.", error);
    }
}
