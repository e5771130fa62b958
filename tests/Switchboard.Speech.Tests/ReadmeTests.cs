using System.Text.RegularExpressions;
using Microsoft.Extensions.AI;
using Samples;

namespace Switchboard.Speech.Tests;

/// <summary>The samples of the README, as they are written there.</summary>
public sealed partial class ReadmeTests
{
    [Theory]
    [InlineData("Voice", 0)]
    [InlineData("Pieces", 1)]
    public void Readme_Sample_IsTheOneThatIsTested(string name, int index)
    {
        var source = Read($"tests/Switchboard.Speech.Tests/Samples/{name}.cs").Replace("namespace Samples;\n\n", "", StringComparison.Ordinal);

        Assert.Equal(source, CodeBlock().Matches(Read("src/Switchboard.Speech/README.md"))[index].Groups["code"].Value);
    }

    [Fact]
    public async Task Readme_Pipeline_SpeaksWhatTheReadmeSays()
    {
        using var model = new StreamChatClient(
            new ChatResponseUpdate(ChatRole.Assistant, "Your *"), new(ChatRole.Assistant, "*order** is\n```sh\nls\n```\nDone. 👋"));
        var spoken = "";

        await Voice.SpeakAsync(model, "Where is my order?", text => spoken += text);

        Assert.Equal("Your order is\nI have put the code in the chat.\nDone.", spoken);
    }

    [Fact]
    public void Readme_Pieces_AreSpeakable() =>
        Assert.Equal("Your order is here. Bye", string.Concat(Pieces.MakeSpeakable(["Your *", "*order** is [he", "re](https://example.com/a). ", "Bye 👋"])));

    private static string Read(string path) => File.ReadAllText(Repository.PathOf(path)).ReplaceLineEndings("\n");

    [GeneratedRegex("```csharp\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();
}
