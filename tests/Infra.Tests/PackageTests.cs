using System.Diagnostics;
using System.IO.Compression;
using System.Reflection;
using System.Xml.Linq;

namespace Infra.Tests;

/// <summary>What <c>dotnet pack</c> makes, with package validation; of what is built already, so that no two builds meet.</summary>
public sealed class PackageTests : IDisposable
{
    private static readonly string Configuration = typeof(PackageTests).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;

    private readonly DirectoryInfo _output = Directory.CreateTempSubdirectory("switchboard-");

    [Theory]
    [InlineData("Switchboard.Speech", "Switchboard.Speech", "README.md", "lib/net10.0/Switchboard.Speech.dll lib/net10.0/Switchboard.Speech.xml", "Microsoft.Extensions.AI.Abstractions")]
    [InlineData("Caller", "Switchboard.Caller", "caller.md", "tools/net10.0/any/caller.dll tools/net10.0/any/DotnetToolSettings.xml", "")]
    public async Task Pack_Project_MakesAValidPackage(string project, string id, string readme, string files, string dependencies)
    {
        await PackAsync(project);

        using var package = Open($"{id}.*.nupkg");
        if (project == "Switchboard.Speech")
        {
            using var symbols = Open($"{id}.*.snupkg");
            Assert.NotNull(symbols.GetEntry("lib/net10.0/Switchboard.Speech.pdb"));
        }

        Assert.All([readme, .. files.Split(' ')], file => Assert.True(package.GetEntry(file)?.Length > 0, file));
        var metadata = (await ReadAsync(package, $"{id}.nuspec")).Root!.Elements().Single();
        Assert.Equal(id, Value(metadata, "id"));
        Assert.Equal(readme, Value(metadata, "readme"));
        Assert.Equal("MIT", Value(metadata, "license"));
        Assert.EndsWith(".", Value(metadata, "description"), StringComparison.Ordinal);
        Assert.NotEmpty(Value(metadata, "tags"));
        // Nobody can say yet where the repository will be.
        Assert.DoesNotContain(metadata.Descendants(), element => element.Name.LocalName == "projectUrl" || element.Attribute("url") is not null);
        Assert.Equal(dependencies, string.Join(' ', metadata.Descendants().Where(element => element.Name.LocalName == "dependency").Select(element => element.Attribute("id")!.Value)));
    }

    public void Dispose() => _output.Delete(recursive: true);

    /// <summary>Packs, and asserts that the package was validated.</summary>
    private async Task PackAsync(string project)
    {
        var start = new ProcessStartInfo(
            "dotnet",
            [
                "pack", Repository.PathOf("src", project), "--no-build", "--configuration", Configuration, "--output", _output.FullName, "-nodeReuse:false", "-verbosity:normal",
                // The SDK turns it off for a tool, whatever the project says.
                "-p:EnablePackageValidation=true",
            ])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken) + await errors;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, output);
        // Skipped where the same files passed it before.
        Assert.Matches("APICompat ran successfully without finding any breaking changes|Skipping target \"RunPackageValidation\"", output);
    }

    private ZipArchive Open(string pattern) => ZipFile.OpenRead(Assert.Single(_output.GetFiles(pattern)).FullName);

    private static async Task<XDocument> ReadAsync(ZipArchive package, string name)
    {
        await using var stream = await package.GetEntry(name)!.OpenAsync(TestContext.Current.CancellationToken);
        return await XDocument.LoadAsync(stream, LoadOptions.None, TestContext.Current.CancellationToken);
    }

    private static string Value(XElement metadata, string name) => metadata.Elements().Single(element => element.Name.LocalName == name).Value;
}
