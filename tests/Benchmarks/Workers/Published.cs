using System.Diagnostics;
using System.Xml.Linq;

namespace Benchmarks.Workers;

/// <summary>What is measured, published as it is deployed: Release, ReadyToRun, linux-x64.</summary>
internal sealed class Published : IDisposable
{
    // What every isolated worker with an HTTP trigger has, and nothing else.
    private const string EmptyProgram = """
        using Microsoft.AspNetCore.Http;
        using Microsoft.Azure.Functions.Worker;
        using Microsoft.Azure.Functions.Worker.Builder;
        using Microsoft.Extensions.Hosting;

        var builder = FunctionsApplication.CreateBuilder(args);
        builder.ConfigureFunctionsWebApplication();
        builder.Build().Run();

        public sealed class Hello
        {
            [Function("Hello")]
            public IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "hello")] HttpRequest request) => Results.Text("Hello World!");
        }
        """;

    private readonly DirectoryInfo _work = Directory.CreateTempSubdirectory("worker-");

    public Published(string root)
    {
        Worker = Publish(Path.Combine(root, "src", "FunctionsApp"), "functions");
        LocalHost = Publish(Path.Combine(root, "src", "LocalHost"), "localhost", "-r", "linux-x64", "--self-contained", "false");
        var empty = _work.CreateSubdirectory("EmptyWorker");
        File.WriteAllText(Path.Combine(empty.FullName, "EmptyWorker.csproj"), EmptyProject(Path.Combine(root, "Directory.Packages.props")));
        File.WriteAllText(Path.Combine(empty.FullName, "Program.cs"), EmptyProgram);
        File.Copy(Path.Combine(root, "host.json"), Path.Combine(empty.FullName, "host.json"));
        EmptyWorker = Publish(empty.FullName, "empty");
    }

    public string Worker { get; }

    public string LocalHost { get; }

    public string EmptyWorker { get; }

    public void Dispose() => _work.Delete(recursive: true);

    private static string EmptyProject(string versions)
    {
        var packages = XDocument.Load(versions).Descendants("PackageVersion").ToDictionary(package => package.Attribute("Include")!.Value, package => package.Attribute("Version")!.Value);
        string[] names = ["Microsoft.Azure.Functions.Worker", "Microsoft.Azure.Functions.Worker.Extensions.Http.AspNetCore", "Microsoft.Azure.Functions.Worker.Sdk"];
        var references = string.Concat(names.Select(name => $"""<PackageReference Include="{name}" Version="{packages[name]}" />"""));
        return $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <OutputType>Exe</OutputType>
                <ImplicitUsings>enable</ImplicitUsings>
                <AzureFunctionsVersion>v4</AzureFunctionsVersion>
                <RuntimeIdentifier>linux-x64</RuntimeIdentifier>
                <SelfContained>false</SelfContained>
                <PublishReadyToRun>true</PublishReadyToRun>
              </PropertyGroup>
              <ItemGroup>
                <FrameworkReference Include="Microsoft.AspNetCore.App" />
                {references}
                <None Include="host.json" CopyToOutputDirectory="PreserveNewest" CopyToPublishDirectory="PreserveNewest" />
              </ItemGroup>
            </Project>
            """;
    }

    private string Publish(string project, string name, params string[] more)
    {
        var output = Path.Combine(_work.FullName, name);
        using var process = Process.Start(new ProcessStartInfo("dotnet", ["publish", project, "-c", "Release", "-o", output, "-v", "q", "--nologo", .. more]))!;
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{project} was not published.");
    }
}
