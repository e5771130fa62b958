namespace Switchboard.Tests.Hosting;

/// <summary>Texts of the settings that a caller or a model gets: one that says nothing, or that was meant as a template, is refused.</summary>
public sealed class SpokenTextsOfSettingsTests : SettingsFileFolder
{
    public static TheoryData<string> Spoken =>
    [
        "Apology", "CodePhrase", "Filler:Text:0", "Filler:Text:1", "Simulated:Text", "Actions:0:EndWord", "Actions:1:Message", "Actions:1:ErrorMessage", "Tools:Mcp:0:PreToolPhrase:0",
    ];

    [Theory]
    [MemberData(nameof(Spoken))]
    [InlineData("Script:0:Say")]
    [InlineData("Prompt")]
    public void Options_ABlankText_IsRefused(string setting)
    {
        var key = $"Models:0:{setting}";

        Assert.Contains($"{key}: expected {(setting == "Prompt" ? "a prompt" : "something to say")}, found an empty text.", Failures(With(key, " \n")));
    }

    // Somebody unsets so what a source below has set.
    [Theory]
    [InlineData("Apology")]
    [InlineData("CodePhrase")]
    [InlineData("Actions:0:EndWord")]
    [InlineData("Actions:1:Message")]
    [InlineData("Prompt")]
    [InlineData("PromptFile")]
    public void Options_AnEmptyTextAboveTheFile_Unsets(string setting)
    {
        Write("a.md", "Hello.");
        Write("switchboard.json", $$"""
            { "Models": [ { "Id": "a", "Responder": "simulated", {{(setting == "PromptFile" ? "\"PromptFile\": \"a.md\"" : "\"Prompt\": \"Hello.\"")}}, "Apology": "Sorry.", "CodePhrase": "Code.",
              "Actions": [ { "Name": "hangup", "EndWord": "Bye." }, { "Name": "transfer", "Numbers": ["+4930"], "Message": "Hold." } ] } ] }
            """);

        var model = Bind(new() { [$"Models:a:{setting}"] = "" }).Models[0];

        Assert.Contains((string?[])[model.Apology, model.CodePhrase, model.Actions[0].EndWord, model.Actions[1].Message, model.Prompt], string.IsNullOrEmpty);
    }

    [Theory]
    [InlineData("Prompt", "", "Models:0:Prompt: expected a prompt, found an empty text; leave it out where there is to be none.")]
    [InlineData("PromptFile", "", "Models:0:PromptFile: expected the path of a file, found an empty text; leave it out where there is to be none.")]
    [InlineData("PromptFile", " ", "Models:0:PromptFile: expected the path of a file, found an empty text; leave it out where there is to be none.")]
    public void Options_AnEmptyPromptInTheFile_IsRefused(string setting, string text, string failure)
    {
        Write("switchboard.json", $$"""{ "Models": [ { "Id": "a", "{{setting}}": "{{text}}" } ] }""");

        Assert.StartsWith(failure, Assert.Single(Failures([])), StringComparison.Ordinal);
    }

    [Fact]
    public void Options_AnEmptyReplyInTheFile_IsRefusedOnce()
    {
        Write("switchboard.json", """{ "Models": [ { "Id": "a", "Responder": "scripted", "Script": [ { "SayFile": "", "Do": "hangup" }, { "Say": "" } ] } ] }""");

        Assert.Collection(
            Failures([]),
            failure => Assert.StartsWith("Models:0:Script:0:SayFile: expected the path of a file, found an empty text", failure, StringComparison.Ordinal),
            failure => Assert.StartsWith("Models:0:Script:1:Say: expected something to say, found an empty text", failure, StringComparison.Ordinal),
            failure => Assert.StartsWith("Models:0:Script:1: it is never reached", failure, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("a.md", null)]
    [InlineData("prompts/none.md", null)]
    [InlineData("prompts/dentits.md", "prompts/dentist.md")]
    [InlineData("prompts/Dentist.MD", "prompts/dentist.md")]
    [InlineData("./prompts/dentist.txt", "prompts/dentist.md")]
    [InlineData("recption.md", "reception.md")]
    [InlineData("none/dentist.md", null)]
    public void Options_ATextThatIsMissing_NamesTheNearOneBesideIt(string path, string? meant)
    {
        Write("prompts/dentist.md", "Hello.");
        Write("prompts/hours.txt", "Hello.");
        Write("reception.md", "Hello.");
        Write("b.md", "Hello.");
        Write("switchboard.json", $$"""{ "Models": [ { "Id": "a", "PromptFile": "{{path}}" } ] }""");

        Assert.StartsWith($"Models:0:PromptFile: {path}: there is no such file{(meant is null ? "." : $"; did you mean {meant}?")}", Assert.Single(Failures([])), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Spoken))]
    public void Options_ATemplateWhereNoneIsRead_IsRefused(string setting)
    {
        var key = $"Models:0:{setting}";

        Assert.Contains(Failures(With(key, "Sorry, {{ userData.name }}, once more?")), failure => failure.StartsWith($"{key}: this text is no template, so that {{{{ userData.name }}}} would be spoken as it stands", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{{#if userData.name}}Hi{{/if}}", true)]
    [InlineData("{{{callerNumber}}}", true)]
    [InlineData("{{match.meal}}", true)]
    [InlineData("{{localTime}}", true)]
    [InlineData("{{name}}", true)]
    [InlineData("{{emotion=happy}}Hello.", false)]
    [InlineData("{{emotion= happy }}Hello.", false)]
    [InlineData("Use {braces} and {{ }} and {{1 + 1}}.", false)]
    public void Options_BracesInATextThatIsSpoken_StopOnlyWhereATemplateWasMeant(string text, bool isRefused)
    {
        Dictionary<string, string?> settings = new() { ["Models:0:Id"] = "a", ["Models:0:Apology"] = text };
        Write("switchboard.json", "{}");

        if (isRefused)
        {
            Assert.StartsWith("Models:0:Apology: this text is no template", Assert.Single(Failures(settings)), StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal(text, Bind(settings).Models[0].Apology);
        }
    }

    private static Dictionary<string, string?> With(string key, string value) => new()
    {
        ["Models:0:Id"] = "a",
        ["Models:0:Responder"] = "scripted",
        ["Models:0:Script:0:Say"] = "Hello.",
        ["Models:0:Filler:After"] = "1s",
        ["Models:0:Filler:Text:0"] = "One moment.",
        ["Models:0:Actions:0:Name"] = "hangup",
        ["Models:0:Actions:1:Name"] = "transfer",
        ["Models:0:Actions:1:Numbers:0"] = "+4930",
        ["Models:0:Tools:Mcp:0:Url"] = "https://mcp.example/",
        [key] = value,
    };
}
