using LocalHost;
using Switchboard.Hosting;

namespace Switchboard.Tests.LocalHosting;

public sealed class LocalSettingsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("switchboard-");

    [Fact]
    public void Find_Values_BecomeSettings()
    {
        Write("local.settings.json", """
            {
              // the tooling allows comments
              "IsEncrypted": false,
              "Values": { "Models__0__Id": "a", "Limits:MaxMessages": 5, "Flag": true, "Nothing": null, },
              "Host": { "LocalHttpPort": 7072 }
            }
            """);

        var settings = LocalSettings.Find(_folder.FullName)!;

        Assert.Equal(7072, settings.Port);
        Assert.False(settings.IsSample);
        Assert.Equal(
            new Dictionary<string, string?> { ["Models:0:Id"] = "a", ["Limits:MaxMessages"] = "5", ["Flag"] = "True", ["Nothing"] = null },
            settings.Values);
    }

    [Fact]
    public void Find_BothFiles_TakesTheOwnOne()
    {
        Write("local.settings.sample.json", """{"Values":{"A":"sample"}}""");
        Assert.True(LocalSettings.Find(_folder.FullName)!.IsSample);

        Write("local.settings.json", """{"Values":{"A":"own"}}""");
        Assert.Equal("own", LocalSettings.Find(_folder.FullName)!.Values["A"]);
    }

    [Fact]
    public void Find_InAFolderBelowIt_IsNotRead()
    {
        Write("local.settings.json", """{"Values":{"A":"planted"}}""");

        Assert.Null(LocalSettings.Find(_folder.CreateSubdirectory("deep/er").FullName));
    }

    [Fact]
    public void Find_BelowTheRepositoryOfTheProgram_TakesTheOneAtItsTop()
    {
        Write("local.settings.json", """{"Values":{"A":"top"}}""");
        Write("FunctionsApp.sln", "");
        var program = _folder.CreateSubdirectory("src/LocalHost/bin").FullName;
        var between = _folder.CreateSubdirectory("docs/images").FullName;
        File.WriteAllText(Path.Combine(_folder.FullName, "docs", "local.settings.json"), """{"Values":{"A":"between"}}""");

        Assert.Equal("top", LocalSettings.Find(between, program)!.Values["A"]);
    }

    [Fact]
    public void Find_BelowARepositoryThatTheProgramIsNotOf_IsNotRead()
    {
        Write("local.settings.json", """{"Values":{"A":"planted"}}""");
        Write("FunctionsApp.sln", "");

        Assert.Null(LocalSettings.Find(_folder.CreateSubdirectory("deep").FullName));
    }

    [Fact]
    public void SampleKey_IsTheKeyOfTheSample() =>
        Assert.Equal(LocalSettings.SampleKey, SampleHost.Settings["Access:ApiKeys:0"]);

    [Theory]
    [InlineData("{", "cannot be read")]
    [InlineData("{\n  \"Values\": {\n    \"A\": \"b\"\n    \"C\": \"d\"\n  }\n}", "cannot be read: it is no JSON at line 4, column 5: ")]
    [InlineData("""{"Vaules":{"A":"b"}}""", "has no Values, in which settings stand, but Vaules; did you mean Values?")]
    [InlineData("""{"values":{"A":"b"}}""", "has no Values, in which settings stand, but values; did you mean Values?")]
    [InlineData("""{"IsEncrypted":false,"Environment":{"A":"b"}}""", "has no Values, in which settings stand, but Environment.")]
    [InlineData("""{"Values":[]}""", "Values must be an object of names and texts")]
    [InlineData("""{"Access__ApiKeys__0":"k"}""", "Access__ApiKeys__0 stands beside Values, where nothing is read")]
    [InlineData("""{"Values":{},"models:0:Id":"a"}""", "models:0:Id stands beside Values, where nothing is read")]
    [InlineData("""{"Values":{"A":"\ud83d"}}""", "cannot be read")]
    [InlineData("""{"Values":{"\ude00":"A"}}""", "cannot be read")]
    [InlineData("[]", "a JSON object is expected")]
    [InlineData("""{"IsEncrypted":true,"Values":{}}""", "is encrypted")]
    [InlineData("""{"Host":{"LocalHttpPort":"7399"}}""", "Host:LocalHttpPort must be a number from 1 to 65535, without quotes.")]
    [InlineData("""{"Host":{"LocalHttpPort":99999}}""", "Host:LocalHttpPort must be a number from 1 to 65535, without quotes.")]
    [InlineData("""{"Values":{"Models":[1]}}""", "Values:Models must be a text")]
    public void Find_BadFile_SaysWhatIsWrong(string text, string message)
    {
        Write("local.settings.json", text);

        var failure = Assert.Throws<SettingsFileException>(() => LocalSettings.Find(_folder.FullName));

        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
        Assert.Contains(_folder.FullName, failure.Message, StringComparison.Ordinal);
    }

    // As an editor writes it whose encoding is not UTF-8.
    [Fact]
    public void Find_FileInAnotherEncoding_SaysSo()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "local.settings.json"), """{"Values":{"Models__0__Apology":"Schönen Tag"}}""", System.Text.Encoding.Latin1);

        var failure = Assert.Throws<SettingsFileException>(() => LocalSettings.Find(_folder.FullName));

        Assert.Contains("UTF-8", failure.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder.FullName, name), text);
}
