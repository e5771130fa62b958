using System.Diagnostics;
using System.Text.RegularExpressions;

namespace FunctionsApp.Tests;

/// <summary>What docs/extend.md has people paste compiles where it says, in both shells, with warnings as errors.</summary>
public sealed partial class ExtendDocumentTests
{
    private const string Beside = "builder.Services.AddSwitchboard(builder.Configuration);";

    private static readonly string Document = File.ReadAllText(Repository.PathOf("docs", "extend.md"));
    private static readonly string[] Pasted = [.. Code().Matches(Document).Select(block => block.Groups["code"].Value)];

    [Theory]
    [InlineData("FunctionsApp", "Program.cs")]
    [InlineData("LocalHost", "LocalHostApp.cs")]
    public async Task Document_PastedAsItSays_Compiles(string shell, string file)
    {
        Assert.Contains($"`src/{shell}/{file}`", Document, StringComparison.Ordinal);
        Assert.Contains("`src/Responders/QueueChatClient.cs`", Document, StringComparison.Ordinal);
        Assert.Equal(2, Pasted.Length);
        using var folder = new TemporaryFolder();

        var (code, output) = await CompileAsync(folder.Path, shell, file, Pasted[0], Pasted[1]);

        Assert.True(code == 0, output);
    }

    // What is pasted is what is compiled.
    [Fact]
    public async Task Document_WithoutTheRegistrationsClass_DoesNotCompile()
    {
        using var folder = new TemporaryFolder();

        var (code, output) = await CompileAsync(folder.Path, "LocalHost", "LocalHostApp.cs", "", Pasted[1]);

        Assert.NotEqual(0, code);
        Assert.Contains("QueueChatClient", output, StringComparison.Ordinal);
    }

    // The folder of the responders stays as it is: the files are taken in from elsewhere, and so is what comes out.
    private static async Task<(int Code, string Output)> CompileAsync(string folder, string shell, string file, string responder, string registration)
    {
        var original = Repository.PathOf("src", shell, file);
        var source = await File.ReadAllTextAsync(original, TestContext.Current.CancellationToken);
        var line = Assert.Single(source.Split('\n'), each => each.Contains(Beside, StringComparison.Ordinal));
        var indent = line[..line.IndexOf('b', StringComparison.Ordinal)];
        await WriteAsync(file, source.Replace(line, $"{indent}{registration.Trim()}\n{line}", StringComparison.Ordinal));
        await WriteAsync("QueueChatClient.cs", responder);
        await WriteAsync("paste.targets", $"""
            <Project>
              <PropertyGroup Condition="'$(MSBuildProjectName)' == '{shell}'">
                <IntermediateOutputPath>{folder}/obj/</IntermediateOutputPath>
                <OutDir>{folder}/bin/</OutDir>
              </PropertyGroup>
              <ItemGroup Condition="'$(MSBuildProjectName)' == '{shell}'">
                <Compile Remove="{original}" />
                <Compile Include="{folder}/{file};{folder}/QueueChatClient.cs" />
              </ItemGroup>
            </Project>
            """);
        using var build = Process.Start(new ProcessStartInfo("dotnet",
        [
            "msbuild", Repository.PathOf("src", shell), "-t:Compile", "-nologo", "-v:quiet", "-nodeReuse:false", "-p:BuildProjectReferences=false", "-p:UseSharedCompilation=false",
            // Where it is read, the project's own paths are set, and none of those of the projects that it refers to.
            $"-p:CustomBeforeMicrosoftCommonTargets={folder}/paste.targets",
        ])
        { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = build.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await build.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await build.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (build.ExitCode, output + await errors);

        Task WriteAsync(string name, string text) => File.WriteAllTextAsync(Path.Combine(folder, name), text, TestContext.Current.CancellationToken);
    }

    [GeneratedRegex("^```csharp\n(?<code>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Code();

    private sealed class TemporaryFolder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("extend-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
