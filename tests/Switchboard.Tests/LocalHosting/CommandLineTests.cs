using LocalHost;

namespace Switchboard.Tests.LocalHosting;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData(new string[0], null)]
    [InlineData(new[] { "--urls", "http://127.0.0.1:9000" }, "http://127.0.0.1:9000")]
    [InlineData(new[] { "--urls=http://*:9000;http://[::1]:9001" }, "http://*:9000;http://[::1]:9001")]
    public void TryParse_GoodArguments_GivesTheUrl(string[] args, string? url)
    {
        Assert.True(CommandLine.TryParse(args, out var parsed));
        Assert.Equal(url, parsed);
    }

    [Theory]
    [InlineData("--urls")]
    [InlineData("--urls", "9000")]
    [InlineData("--urls", "https://127.0.0.1:9000")]
    [InlineData("--Access:ApiKeys:0=sneaked-in")]
    [InlineData("--urls", "http://127.0.0.1:9000", "--Access:ApiKeys:0=sneaked-in")]
    public void TryParse_AnythingElse_IsRefused(params string[] args) => Assert.False(CommandLine.TryParse(args, out _));
}
