using Switchboard.Hosting;

namespace Switchboard.Tests.Hosting;

/// <summary>A failure of a setting says on which line of <c>switchboard.json</c> it stands, or that it stands elsewhere.</summary>
public sealed class SettingsPlacesTests : SettingsFileFolder
{
    private const string Elsewhere = "(an app setting or variable, not switchboard.json)";

    // Line by line, as the failures count them.
    private const string File = """
        {
          // a comment
          "Limits": { "MaxMessages": 0,
            "MaxMesages": 5 },
          "Models": [
            {
              "Id": "a",
              "Prompt": "{{name}}",
              "Apolgy": "Sorry."
            },
            { "Id": "zahnarzt", "Responder": "upstream",
              "Upstreams": [
                { "BaseUrl": "https://up.example/v1",
                  "Temperature": "warm",
                  "Body": { "a":
                     { "api_key": "x" } } },
                { "Model": "m" } ],
              /* another
                 comment */
              "Filler": { "Text": [ "One.",
                " " ], "After": "1s" } },
            { "Id": "c", "Responder": "upstream" },
          ],
          "Limits": {}
        }
        """;

    [Theory]
    [InlineData("Limits:MaxMessages: expected a number from 1 to 10000", 3)]
    [InlineData("Limits:MaxMesages: no such setting", 4)]
    [InlineData("Models:0:Prompt: line 1, column 1", 8)]
    [InlineData("Models:0:Apolgy: no such setting", 9)]
    [InlineData("Models:1:Upstreams:0:Temperature: expected a number", 14)]
    [InlineData("Models:1:Upstreams:0:Body:a:api_key: a secret must not stand", 16)]
    [InlineData("Models:1:Upstreams:1:BaseUrl: a value is required", 17)]
    [InlineData("Models:1:Filler:Text:1: expected something to say", 21)]
    [InlineData("Models:2:Upstreams: the responder 'upstream' needs", 22)]
    [InlineData("Limits: this name stands there twice.", 24)]
    public void Options_AFaultOfTheFile_IsToldWithItsLine(string failure, int line)
    {
        Write("switchboard.json", File);

        var found = Assert.Single(Failures([]), found => found.StartsWith(failure, StringComparison.Ordinal));

        Assert.EndsWith($" (switchboard.json, line {line})", found, StringComparison.Ordinal);
        Assert.Equal(1, found.Split("(switchboard.json").Length - 1);
    }

    [Theory]
    [InlineData("Limits:MaxMessages", "many", "Limits:MaxMessages: expected a number, found many.")]
    [InlineData("Models:zahnarzt:Apology", " ", "Models:zahnarzt:Apology: expected something to say, found an empty text.")]
    [InlineData("Models:a:Upstreams:0:Model", "m", "Models:0:Upstreams: they are never asked")]
    [InlineData("Models:a:Upstreams:0:Modle", "m", "Models:a:Upstreams:0:Modle: no such setting; did you mean Models:a:Upstreams:0:Model?")]
    [InlineData("Models:0:Responder", "magic", "Models:0:Responder: no such responder")]
    [InlineData("Models:a:Responder", "magic", "Models:a:Responder: no such responder")]
    [InlineData("Models:dentist:Upstreams:0:ApiKey", "k", "Models:dentist: no model has this id; there are a, zahnarzt.")]
    [InlineData("Models:a:PromptFile", "none.md", "Models:a:PromptFile: none.md: there is no such file.")]
    [InlineData("Modles:0:Id", "x", "Modles:0:Id: no such setting; did you mean Models:0:Id?")]
    public void Options_AFaultOfAnotherSource_SaysSo(string setting, string value, string failure)
    {
        Write("switchboard.json", """{ "Limits": { "MaxMessages": 5 }, "Models": [ { "Id": "a", "Responder": "simulated" }, { "Id": "zahnarzt" } ] }""");

        var found = Assert.Single(Failures(new() { [setting] = value }), found => found.StartsWith(failure, StringComparison.Ordinal));

        Assert.EndsWith($" {Elsewhere}", found, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_AFaultOfASourceBelowTheFile_SaysSo()
    {
        Write("switchboard.json", """{ "Limits": { "MaxMessages": 0 }, "Models": [ { "Id": "a" } ] }""");

        var failures = Assert.Throws<Microsoft.Extensions.Options.OptionsValidationException>(() => Bind([], new() { ["Limits:MaxMessages"] = "many", ["Limits:MaxConcurrentTurns"] = "many" })).Failures;

        Assert.Contains("Limits:MaxMessages: expected a number from 1 to 10000, found 0. (switchboard.json, line 1)", failures);
        Assert.Contains($"Limits:MaxConcurrentTurns: expected a number, found many. {Elsewhere}", failures);
    }

    // Models that are listed elsewhere have the indexes of the file's, which are not used.
    [Fact]
    public void Options_AFaultOfModelsListedElsewhere_IsNoneOfTheFile()
    {
        Write("switchboard.json", """{ "Limits": { "MaxMessages": 0 }, "Models": [ { "Id": "a", "Responder": "scripted", "Script": [ { "Say": "Hello." } ] } ] }""");

        Assert.Collection(
            Failures(new() { ["Models:0:Id"] = "mine", ["Models:0:Responder"] = "upstream" }),
            failure => Assert.EndsWith("found 0. (switchboard.json, line 1)", failure, StringComparison.Ordinal),
            failure => Assert.EndsWith($"(Models:0:Upstreams:0:BaseUrl). {Elsewhere}", failure, StringComparison.Ordinal));
    }

    // Else the next entry would be told by its index and its line.
    [Fact]
    public void Options_AnEntryOfWhichNothingCanBeUsed_KeepsItsPlace()
    {
        Write("switchboard.json", """
            { "Models": [ { "Id": "a", "Responder": "upstream", "Upstreams": [
              { "BaseUrl": "https://up.example/v1 x", "Thinking": "no" },
              { "BaseUrl": ["https://up.example/v1"] },
              { "BaseUrl": "ftp://up.example/v1" } ] } ] }
            """);

        Assert.Equal(
            [
                ("Models:0:Upstreams:0:BaseUrl", "line 2)"),
                ("Models:0:Upstreams:0:Thinking", "line 2)"),
                ("Models:0:Upstreams:1:BaseUrl", "line 3)"),
                ("Models:0:Upstreams:2:BaseUrl", "line 4)"),
            ],
            Failures([]).Select(failure => (failure.Split(": ")[0], failure[^7..])).Order());
    }

    [Theory]
    [InlineData("""{ "Models": [ { "Id": ["a"] } ] }""", "Models:0:Id: expected a value, found a list.")]
    [InlineData("""{ "Models": [ {} ] }""", "Models:0:Id: a value is required.")]
    public void Options_AnEntryWithoutAnythingThatCanBeUsed_IsNotToldToBeMissing(string text, string failure)
    {
        Write("switchboard.json", text);

        Assert.Equal([$"{failure} (switchboard.json, line 1)"], Failures([]));
    }

    [Fact]
    public void Options_AFaultInAText_HasThatPlaceAlone()
    {
        Write("prompts/a.md", "Fine.\n{{name}}");
        Write("switchboard.json", """{ "Models": [ { "Id": "a", "Responder": "simulated", "PromptFile": "prompts/a.md" } ] }""");

        Assert.Equal("Models:0:PromptFile: prompts/a.md: line 2, column 1: '{{name}}': there is no value 'name'; did you mean userData.name?", Assert.Single(Failures([])));
    }

    [Fact]
    public void Options_WithoutAFile_HaveNoPlaces() =>
        Assert.Equal(["Limits:MaxMessages: expected a number, found many."], Failures(new() { ["Models:0:Id"] = "a", ["Limits:MaxMessages"] = "many" }));

    [Fact]
    public void LinesOf_NamesAndEntries_CountFromOne() => Assert.Equal(
        [("a", 2), ("a:0", 2), ("a:1", 3), ("a:1:é", 3), ("a:2", 5), ("b", 6)],
        SettingsPlaces.LinesOf("{\n\"a\": [ 1,\n{ \"é\": \"x\" }, /* 2\n */\nnull ],\n\"b\": {}, }").Select(line => (line.Key, line.Value)));
}
