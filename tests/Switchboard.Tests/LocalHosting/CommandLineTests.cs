using LocalHost;

namespace Switchboard.Tests.LocalHosting;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData(new string[0], null)]
    [InlineData(new[] { "--urls", "http://127.0.0.1:9000" }, "http://127.0.0.1:9000")]
    [InlineData(new[] { "--urls", "http://LOCALHOST:9000/" }, "http://LOCALHOST:9000/")]
    [InlineData(new[] { "--urls=http://*:9000;http://+:9002;http://[::1]:9001;http://0.0.0.0" }, "http://*:9000;http://+:9002;http://[::1]:9001;http://0.0.0.0")]
    public void Parse_GoodArguments_GivesTheUrl(string[] args, string? url)
    {
        Assert.Null(CommandLine.Parse(args, out var parsed));
        Assert.Equal(url, parsed);
    }

    [Theory]
    [InlineData("usage:", "--urls")]
    [InlineData("usage:", "--Access:ApiKeys:0=sneaked-in")]
    [InlineData("usage:", "--urls", "http://127.0.0.1:9000", "--Access:ApiKeys:0=sneaked-in")]
    [InlineData("'9000' is no http URL", "--urls", "9000")]
    [InlineData("'' is no http URL", "--urls", "http://127.0.0.1:9000;")]
    [InlineData("'https://127.0.0.1:9000' is no http URL such as http://127.0.0.1:7071. For https set Kestrel:Endpoints", "--urls", "https://127.0.0.1:9000")]
    [InlineData("'http://localhost:0': localhost is two addresses", "--urls", "http://localhost:0")]
    [InlineData("'http://127.0.0.1:99999': a port is at most 65535.", "--urls", "http://127.0.0.1:99999")]
    [InlineData("'http://127.0.0.1:9000/base': a path is not supported", "--urls", "http://127.0.0.1:9000/base")]
    [InlineData("'http://no.such.host:9000': the host must be an IP address, localhost, or *", "--urls", "http://no.such.host:9000")]
    [InlineData("'http://unix:/tmp/a.sock': the host must be", "--urls", "http://unix:/tmp/a.sock")]
    public void Parse_AnythingElse_IsRefusedWithTheReason(string failure, params string[] args) =>
        Assert.StartsWith(failure, CommandLine.Parse(args, out _), StringComparison.Ordinal);

    [Theory]
    [InlineData("http://[::]:9000", "http://127.0.0.1:9000")]
    [InlineData("http://0.0.0.0:9000", "http://127.0.0.1:9000")]
    [InlineData("http://*:9000", "http://127.0.0.1:9000")]
    [InlineData("http://[::1]:9000", "http://[::1]:9000")]
    [InlineData("http://localhost:9000", "http://localhost:9000")]
    [InlineData("https://[::]:9000", "https://127.0.0.1:9000")]
    [InlineData("https://*:9000", "https://127.0.0.1:9000")]
    [InlineData("https://127.0.0.1:9000", "https://127.0.0.1:9000")]
    public void ToCall_Wildcard_IsThisMachine(string url, string called) => Assert.Equal(called, ListenUrl.ToCall(url));
}
