using System.Text.Json;
using Caller.Check;
using Caller.Platform;

namespace Caller.Tests.Commands;

public sealed class CommandLineTests
{
    public static TheoryData<string[], string> WrongLines => new()
    {
        { ["check"], "URL is missing" },
        { ["check", "http://127.0.0.1:1"], "--model is missing" },
        { ["check", "ftp://h", "--model", "a"], "URL 'ftp://h' is not an absolute http or https address" },
        { ["check", "http://h", "--model", "a", "--parallel", "99"], "--parallel is to be from 2 to 8." },
        { ["check", "http://h", "--model", "a", "--timeout", "soon"], "--timeout: 'soon' is not a time" },
        { ["check", "http://h", "--model", "a", "--query", "x"], "--query 'x' is not of the form name=value." },
        { ["talk", "http://h", "--model", "a", "--key", "two words"], "--key holds a space" },
        { ["talk", "http://h", "--model", "a", "--speech-rate", "0"], "--speech-rate" },
        { ["load", "http://h", "--model", "a", "--calls", "0"], "--calls is to be from 1 to 5000." },
        { ["load", "http://h", "--model", "a", "--rate", "1e9"], "--rate is to be more than 0" },
        { ["load", "http://h", "--model", "a", "--duration", "2000m"], "--duration" },
        { ["load", "http://h", "--model", "a", "--plot", "x.jpg"], "--plot is to be the name of a .png or .svg file." },
        { ["check", "http://h", "--model", "a", "--html", "/no/such/folder/r.html"], "--html: the folder of '/no/such/folder/r.html' does not exist." },
        { ["talk", "http://h", "--model", "a", "--say", "/no/such/file"], "/no/such/file" },
        { ["talk", "http://h", "--model", "a", "--platform", "retell"], "--platform 'retell' is not known. There are: ims, vapi, elevenlabs, livekit," },
        { ["check", "--list", "--platform", "nobody"], "--platform 'nobody' is not known." },
        { ["load", "http://h", "--model", "a", "--header", "X-Call"], "--header 'X-Call' is not of the form name=value" },
        { ["load", "http://h", "--model", "a", "--header", "X Call=1"], "--header 'X Call=1' is not of the form name=value" },
        { ["load", "http://h", "--model", "a", "--header", "X-Call=a\r\nHost: b"], "--header" },
        { ["talk", "http://h", "--platform", "vapi"], "--model is missing" },
        { ["sing"], "sing" },
    };

    [Theory]
    [MemberData(nameof(WrongLines))]
    public async Task RunAsync_WrongCommandLine_SaysWhatIsWrongAndReturnsTwo(string[] args, string message)
    {
        using var host = new TestHost();

        Assert.Equal(2, await host.RunAsync(args));
        Assert.Contains(message, host.Error, StringComparison.Ordinal);
        Assert.Empty(host.Console);
    }

    [Fact]
    public async Task RunAsync_CheckList_PrintsEveryCheckWithoutAUrl()
    {
        using var host = new TestHost();

        Assert.Equal(0, await host.RunAsync("check", "--list"));
        Assert.All(CheckCatalogue.For(VoicePlatforms.Ims), check => Assert.Contains(check.Id, host.Console, StringComparison.Ordinal));
    }

    [Fact]
    public async Task RunAsync_CheckListAsJson_IsJson()
    {
        using var host = new TestHost();

        Assert.Equal(0, await host.RunAsync("check", "--list", "--json"));
        using var json = JsonDocument.Parse(host.Output);
        Assert.Equal(CheckCatalogue.For(VoicePlatforms.Ims).Count, json.RootElement.GetArrayLength());
    }

    [Theory]
    [InlineData("500ms", 500)]
    [InlineData("2s", 2000)]
    [InlineData("1.5m", 90_000)]
    [InlineData("3", 3000)]
    public void TryParse_Time_IsRead(string text, double milliseconds)
    {
        Assert.True(Caller.Commands.Duration.TryParse(text, out var time));
        Assert.Equal(milliseconds, time.TotalMilliseconds);
    }
}
