using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Switchboard.Tests.Hosting;

/// <summary><c>switchboard.json</c>: what it may hold, what wins over it, and the texts that it names.</summary>
public sealed class SettingsFileTests : SettingsFileFolder
{
    [Fact]
    public void Options_OfAFileWithCommentsAndCommas_AreNestedSettings()
    {
        Write("switchboard.json", """
            {
              // a comment
              "$schema": "./switchboard.schema.json",
              "limits": { "MaxMessages": 50, }, /* another */
              "Models": [
                { "Id": "a", "Default": true, "Filler": { "After": "00:00:01", "Text": ["One moment.", "Let me see."] } },
                {
                  "Id": "b", "Responder": "upstream",
                  "Upstreams": [ { "BaseUrl": "https://up.example/v1?api-version=1", "Temperature": 0.5, "PromptCacheKey": "a", "Body": { "stop": ["1"] /* c */ } } ],
                },
              ],
            }
            """);

        var options = Bind([]);

        Assert.Equal(50, options.Limits.MaxMessages);
        Assert.True(options.Models[0].Default);
        Assert.Equal(["One moment.", "Let me see."], options.Models[0].Filler.Text);
        Assert.Equal(0.5, options.Models[1].Upstreams[0].Temperature);
    }

    [Fact]
    public void Options_JsonOfTheFile_KeepsItsTypes()
    {
        Write("switchboard.json", """
            { "Models": [ { "Id": "b", "Responder": "upstream", "Upstreams": [ { "BaseUrl": "https://up.example/v1", "Body": { "stop": ["1"], /* c */ "top_k": 4, "max_tokens": 5 } } ] } ] }
            """);

        Assert.Equal("""{"stop":["1"],"top_k":4,"max_tokens":5}""", Bind([]).Models[0].Upstreams[0].Body);
    }

    [Fact]
    public void Options_SourcesAboveTheFile_WinOverItAndThoseBelowDoNot()
    {
        Write("switchboard.json", """{ "Limits": { "MaxMessages": 50 }, "Console": { "Enabled": false }, "Models": [ { "Id": "a", "Apology": "Sorry." }, { "Id": "b" } ] }""");

        var options = Bind(
            new() { ["Limits:MaxMessages"] = "60", ["Models:1:Apology"] = "By index." },
            new() { ["Console:Enabled"] = "true", ["Limits:MaxConcurrentTurns"] = "7" });

        Assert.Equal((60, 7, false), (options.Limits.MaxMessages, options.Limits.MaxConcurrentTurns, options.Console.Enabled));
        Assert.Equal([("a", "Sorry."), ("b", "By index.")], options.Models.Select(model => (model.Id, model.Apology)));
    }

    [Theory]
    [InlineData("Models:front-desk:Apology")]
    [InlineData("models:FRONT-DESK:apology")]
    [InlineData("Models:front_desk:Apology")]
    public void Options_AModelNamedByItsId_IsMergedIntoIt(string key)
    {
        Write("switchboard.json", """{ "Models": [ { "Id": "front" }, { "Id": "front-desk", "Apology": "Sorry." } ] }""");

        var options = Bind(new() { [key] = "By id.", ["Models:front-desk:Upstreams:0:BaseUrl"] = "https://up.example/v1", ["Models:front_desk:Responder"] = "upstream" });

        Assert.Equal([("front", null, "simulated"), ("front-desk", "By id.", "upstream")], options.Models.Select(model => (model.Id, model.Apology, model.Responder)));
    }

    [Fact]
    public void Options_AnIdThatTwoNamesFit_IsTakenToTheLetterOnly()
    {
        Write("switchboard.json", """{ "Models": [ { "Id": "a-b" }, { "Id": "a.b" } ] }""");

        Assert.Equal([null, "By id."], Bind(new() { ["Models:a.b:Apology"] = "By id." }).Models.Select(model => model.Apology));
        Assert.Equal(["Models:a_b: no model has this id; there are a-b, a.b. (an app setting or variable, not switchboard.json)"], Failures(new() { ["Models:a_b:Apology"] = "By id." }));
    }

    // Lists that are mixed by index would be nobody's: a deployment that lists its own models keeps them.
    [Fact]
    public void Options_ModelsListedAboveTheFile_TakeThePlaceOfAllOfIts()
    {
        Write("switchboard.json", """{ "Models": [ { "Id": "a", "Default": true, "Apology": "Sorry." }, { "Id": "b" } ] }""");

        var model = Assert.Single(Bind(new() { ["Models:0:Id"] = "mine", ["Models:mine:Default"] = "true" }).Models);

        Assert.Equal(("mine", null), (model.Id, model.Apology));
    }

    [Fact]
    public void Options_TextsBesideTheFile_AreRead()
    {
        Write("prompts/reception.md", "\uFEFFYou are the reception.\r\nSay little.\r\n\r\n");
        Write("texts/bye.txt", "Bye, {{match.name}}.\n");
        Write("switchboard.json", """
            { "Models": [ { "Id": "a", "Responder": "scripted", "PromptFile": "./prompts\\reception.md", "Script": [ { "When": "(?<name>x)", "SayFile": "texts/bye.txt" }, { "Say": "y" } ] } ] }
            """);

        var model = Bind([]).Models[0];

        Assert.Equal("You are the reception.\nSay little.", model.Prompt);
        Assert.Equal(["Bye, {{match.name}}.", "y"], model.Script.Select(rule => rule.Say));
    }

    [Fact]
    public void Options_AFaultInAText_NamesItsFile()
    {
        Write("prompts/a.md", "Fine.\n{{> partial}}");
        Write("switchboard.json", """{ "Models": [ { "Id": "a", "Responder": "simulated", "PromptFile": "prompts/a.md" } ] }""");

        Assert.StartsWith("Models:0:PromptFile: prompts/a.md: line 2", Assert.Single(Failures([])), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../outside.md", "expected a path below the folder of switchboard.json")]
    [InlineData("prompts/../../outside.md", "expected a path below the folder of switchboard.json")]
    [InlineData("prompts\\..\\..\\outside.md", "expected a path below the folder of switchboard.json")]
    [InlineData("/etc/passwd", "expected a path below the folder of switchboard.json")]
    [InlineData("\\etc\\passwd", "expected a path below the folder of switchboard.json")]
    [InlineData("C:\\prompts\\a.md", "expected a path below the folder of switchboard.json")]
    [InlineData("~/a.md", "expected a path below the folder of switchboard.json")]
    [InlineData("file:///etc/passwd", "expected a path below the folder of switchboard.json")]
    [InlineData("prompts/none.md", "there is no such file")]
    [InlineData("none/none.md", "there is no such file")]
    [InlineData("prompts/", "expected the path of a file")]
    [InlineData("prompts", "it is a folder; expected a file")]
    [InlineData("prompts/big.md", "it is larger than 256 KiB")]
    [InlineData("prompts/latin.md", "it is not UTF-8 (byte 4); save it in that encoding")]
    [InlineData("prompts/utf16.md", "it is not UTF-8 (byte 1); save it in that encoding")]
    [InlineData("prompts/empty.md", "it is empty")]
    [InlineData("prompts/link.md", "it is a link that leads out of the folder of switchboard.json")]
    [InlineData("prompts/out/secret.md", "it is a link that leads out of the folder of switchboard.json")]
    [InlineData("prompts/loop.md", "it cannot be read (IOException)")]
    public void Options_ATextThatCannotBeUsed_SaysWhy(string path, string failure)
    {
        var outside = Directory.CreateTempSubdirectory("switchboard-outside-");
        try
        {
            File.WriteAllText(Path.Combine(outside.FullName, "secret.md"), "outside");
            Write("prompts/big.md", new string('x', (256 * 1024) + 1));
            Write("prompts/empty.md", " \n");
            File.WriteAllText(Path.Combine(Folder.FullName, "prompts", "latin.md"), "Sch\u00f6n", Encoding.Latin1);
            File.WriteAllText(Path.Combine(Folder.FullName, "prompts", "utf16.md"), "Hello", Encoding.Unicode);
            File.CreateSymbolicLink(Path.Combine(Folder.FullName, "prompts", "link.md"), Path.Combine(outside.FullName, "secret.md"));
            File.CreateSymbolicLink(Path.Combine(Folder.FullName, "prompts", "loop.md"), "loop.md");
            Directory.CreateSymbolicLink(Path.Combine(Folder.FullName, "prompts", "out"), Path.Combine("..", "..", outside.Name));
            Write("switchboard.json", """{ "Models": [ { "Id": "a", "Responder": "scripted", "Script": [ { "When": "x" }, { "Say": "y" } ] } ] }""");

            foreach (var setting in (string[])["PromptFile", "Script:0:SayFile"])
            {
                var failures = Failures(new() { [$"Models:a:{setting}"] = path, ["Models:a:Script:0:Do"] = setting is "PromptFile" ? "hangup" : null });

                Assert.StartsWith($"Models:a:{setting}: {path}: {failure}", Assert.Single(failures), StringComparison.Ordinal);
            }
        }
        finally
        {
            outside.Delete(recursive: true);
        }
    }

    // As a mounted volume lays them out.
    [Fact]
    public void Options_LinksThatStayInTheFolder_AreFollowed()
    {
        Write("..data/switchboard.json", """{ "Models": [ { "Id": "a", "Responder": "simulated", "PromptFile": "a.md" } ] }""");
        Write("..data/a.md", "Hello.");
        File.CreateSymbolicLink(Path.Combine(Folder.FullName, "switchboard.json"), "..data/switchboard.json");
        File.CreateSymbolicLink(Path.Combine(Folder.FullName, "a.md"), Path.Combine(Folder.FullName, "..data", "a.md"));

        Assert.Equal("Hello.", Bind([]).Models[0].Prompt);
    }

    // A file that is right where there is a vault, and the one key of a machine that has none.
    [Theory]
    [InlineData("\"ApiKeySecret\": \"up-key\"", "ApiKey", "sk-mine")]
    [InlineData("\"Credential\": \"entra\"", "ApiKey", "sk-mine")]
    [InlineData("\"ApiKeySecret\": \"up-key\"", "Credential", "entra")]
    [InlineData("\"Headers\": [ { \"Name\": \"x-key\", \"Secret\": \"up-key\" } ]", "Headers:0:Value", "mine")]
    public void Options_TheSettingsAboveSayItInAnotherWay_TheFilesOwnIsLeftOut(string written, string setting, string value)
    {
        Write("switchboard.json", $$"""{ "Models": [ { "Id": "my-agent", "Responder": "upstream", "Upstreams": [ { "BaseUrl": "https://up.example/v1", {{written}} } ] } ] }""");

        foreach (var model in (string[])["my_agent", "0"])
        {
            var upstream = Bind(new() { [$"Models:{model}:Upstreams:0:{setting}"] = value }).Models[0].Upstreams[0];

            Assert.Equal((null, setting is "Credential" ? value : null), (upstream.ApiKeySecret, upstream.Credential?.ToString().ToLowerInvariant()));
            Assert.All(upstream.Headers, header => Assert.Equal(("mine", null), (header.Value, header.Secret)));
        }
    }

    [Fact]
    public void Options_APromptAboveTheFiles_IsTheOneThatCounts()
    {
        Write("a.md", "Hello.");
        Write("switchboard.json", """{ "Models": [ { "Id": "a", "Responder": "simulated", "PromptFile": "a.md" } ] }""");

        Assert.Equal("Good evening.", Bind(new() { ["Models:a:Prompt"] = "Good evening." }).Models[0].Prompt);
    }

    [Theory]
    [InlineData("Prompt", "PromptFile", "Models:a:Prompt: Models:a:PromptFile is set too; set only one of both.")]
    [InlineData("Script:0:Say", "Script:0:SayFile", "Models:a:Script:0:Say: Models:a:Script:0:SayFile is set too; set only one of both.")]
    public void Options_TextAndFileOfIt_AreRefused(string text, string file, string failure)
    {
        Write("a.md", "Hello.");
        Write("switchboard.json", """{ "Models": [ { "Id": "a", "Responder": "scripted", "Script": [ { "Say": "Hello." } ] } ] }""");

        Assert.Contains($"{failure} (an app setting or variable, not switchboard.json)", Failures(new() { [$"Models:a:{text}"] = "Hi.", [$"Models:0:{file}"] = "a.md" }));
    }

    // Which the sample text would be said in the place of.
    [Fact]
    public void Options_APromptWithoutAResponder_IsToldByTheNameOfItsFile()
    {
        Write("a.md", "Hello.");
        Write("switchboard.json", """{ "Models": [ { "Id": "a", "PromptFile": "a.md", "Actions": [ { "Name": "hangup" } ] } ] }""");

        Assert.StartsWith("Models:0:PromptFile: nothing follows it, since no Responder is given", Assert.Single(Failures([])), StringComparison.Ordinal);
    }

    [Fact]
    public void Options_AKeyAsThePathOfAText_IsNotQuoted()
    {
        Write("switchboard.json", """{ "Models": [ { "Id": "a", "Responder": "simulated", "PromptFile": "0123456789abcdef0123456789abcdef" } ] }""");

        Assert.StartsWith("Models:0:PromptFile: …: there is no such file", Assert.Single(Failures([])), StringComparison.Ordinal);
    }

    // Nor is what was meant by a name said to be missing.
    [Theory]
    [InlineData("""{ "Models": [ { "Id": "a", "Responder": "scripted", "Script": [ { "When": "x", "Sya": "y" } ] } ] }""", "Models:0:Script:0:Sya: no such setting; did you mean Models:0:Script:0:Say?")]
    [InlineData("""{ "Models": [ { "Id": "a", "Responder": "upstream", "Upstreams": [ { "BaseUlr": "https://up.example/v1" } ] } ] }""", "Models:0:Upstreams:0:BaseUlr: no such setting; did you mean Models:0:Upstreams:0:BaseUrl?")]
    [InlineData("""{ "Models": [ { "Id": "a", "Responder": "scripted", "Script": [ { "SayFile": "none.md" } ] } ] }""", "Models:0:Script:0:SayFile: none.md: there is no such file")]
    public void Options_AMisspeltName_IsToldOnce(string text, string failure)
    {
        Write("switchboard.json", text);

        Assert.StartsWith(failure, Assert.Single(Failures([])), StringComparison.Ordinal);
    }

    [Fact]
    public void Options_ATextWithoutAFolder_SaysSo() =>
        Assert.Equal(
            ["Models:0:PromptFile: a.md: there is no switchboard.json beside which it could stand."],
            Assert.Throws<OptionsValidationException>(() => Read(new ConfigurationBuilder().AddInMemoryCollection([new("Models:0:Id", "a"), new("Models:0:Responder", "simulated"), new("Models:0:PromptFile", "a.md")]).Build())).Failures);

    [Theory]
    [InlineData("{", "it is no JSON at line 1, column 2: ")]
    [InlineData("{\n  \"Models\": [ }", "it is no JSON at line 2, column 15: '}' is an invalid start of a value")]
    [InlineData("[]", "expected a JSON object")]
    [InlineData("", "it is empty; expected a JSON object")]
    [InlineData(" \n", "it is empty; expected a JSON object")]
    [InlineData("// nothing yet", "it is no JSON at line 1, column 15: ")]
    [InlineData("{\"Models\":[{\"Id\":\"\\ud83d\"}]}", "a text in it has half of a character")]
    public void Options_AFileThatIsNone_SaysWhereAndNothingElse(string text, string failure)
    {
        Write("switchboard.json", text);

        Assert.StartsWith($"{Path.Combine(Folder.FullName, "switchboard.json")}: {failure}", Assert.Single(Failures(new() { ["Limits:MaxMessages"] = "many" })), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "Model": {} }""", "Model: no such section of switchboard.json; there are Access, Models")]
    [InlineData("""{ "Logging": { "LogLevel": {} } }""", "Logging: no such section of switchboard.json; there are")]
    [InlineData("""{ "$Schema": "./switchboard.schema.json" }""", "$Schema: no such section of switchboard.json; did you mean $schema?")]
    [InlineData("""{ "Models": [ { "Id": "a", "Upstreams": [ { "ApiKeySecret": "" } ] } ] }""", "Models:0:Upstreams:0:ApiKeySecret: expected the name of a secret, found an empty text; leave it out where there is to be none.")]
    [InlineData("""{ "Models:0:Id": "a" }""", "Models:0:Id: in switchboard.json settings are nested")]
    [InlineData("""{ "Limits": { "MaxMessages": 1, "maxmessages": 2 } }""", "Limits:maxmessages: this name stands there twice.")]
    [InlineData("""{ "Limits": { "MaxMesages": 1 } }""", "Limits:MaxMesages: no such setting")]
    [InlineData("""{ "Limits": [ 1 ] }""", "Limits: expected settings below this name, found a list.")]
    [InlineData("""{ "Models": [ { "Id": "a" }, { "Id": "b", "Propmt": "x" } ] }""", "Models:1:Propmt: no such setting")]
    public void Options_AWrongName_NamesIt(string text, string failure)
    {
        Write("switchboard.json", text);

        Assert.Contains(Failures([]), found => found.StartsWith(failure, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{ "Console": true }""", "Console: expected settings below this name, found a value.")]
    [InlineData("""{ "Transcripts": "None" }""", "Transcripts: expected settings below this name, found a value.")]
    [InlineData("""{ "Limits": 5 }""", "Limits: expected settings below this name, found a value.")]
    [InlineData("""{ "Transcripts": [] }""", "Transcripts: expected settings below this name, found a list.")]
    [InlineData("""{ "Models": "reception" }""", "Models: expected a list, found a value.")]
    [InlineData("""{ "Models": { "a": { "Responder": "scripted", "Script": [ { "Say": "Hi." } ] } } }""", "Models: expected a list […], found an object {…}.")]
    [InlineData("""{ "Models": { "0": { "Id": "a" } } }""", "Models: expected a list […], found an object {…}.")]
    [InlineData("""{ "Models": [ { "Id": "a", "Actions": { "Name": "hangup" } } ] }""", "Models:0:Actions: expected a list […], found an object {…}.")]
    [InlineData("""{ "Models": [ { "Id": "a", "Filler": { "Text": {} } } ] }""", "Models:0:Filler:Text: expected a list […], found an object {…}.")]
    [InlineData("""{ "Models": [ "reception" ] }""", "Models:0: expected settings below this name, found a value.")]
    [InlineData("""{ "Models": [ { "Filler": [] } ] }""", "Models:0:Filler: expected settings below this name, found a list.")]
    [InlineData("""{ "Models": [ { "Filler": { "Text": "One moment." } } ] }""", "Models:0:Filler:Text: expected a list, found a value.")]
    [InlineData("""{ "Models": [ { "Filler": { "After": {} } } ] }""", "Models:0:Filler:After: expected a value, found settings below this name.")]
    [InlineData("""{ "Models": [ { "Id": "a", "Actions": [null] } ] }""", "Models:0:Actions:0: expected an entry, found null; leave it out.")]
    [InlineData("""{ "Models": [ { "Id": "a", "Filler": { "Text": [null] } } ] }""", "Models:0:Filler:Text:0: expected an entry, found null; leave it out.")]
    [InlineData("""{ "Models": [ { "Id": ["a"] } ] }""", "Models:0:Id: expected a value, found a list.")]
    [InlineData("""{ "Limits": { "Keys": [] } }""", "Limits:Keys: expected settings below this name, found a list.")]
    [InlineData("""{ "Limits": { "Keys": { "hotel": 3 } } }""", "Limits:Keys:hotel: expected settings below this name, found a value.")]
    public void Options_OfAnotherShape_AreToldOnce(string text, string failure)
    {
        Write("switchboard.json", text);

        Assert.Single(Failures([]), found => found.StartsWith($"{failure} (switchboard.json, line 1)", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData(null)]
    public void Options_NoModels_SaysWhereAFileWasLookedFor(string? text)
    {
        if (text is not null)
        {
            Write("switchboard.json", text);
        }

        Assert.Equal(
            $"Models: configure at least one model (Models:0:Id){(text is null ? $"; there is no {Path.Combine(Folder.FullName, "switchboard.json")}" : "")}.",
            Assert.Single(Failures([])).Split(" (switchboard.json")[0]);
    }
}
