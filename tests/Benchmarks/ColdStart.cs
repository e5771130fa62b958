using System.Diagnostics;
using System.Text;

namespace Benchmarks;

/// <summary>Time from starting the process to the first whole answer: LocalHost beside an empty minimal API, both published ReadyToRun.</summary>
internal static class ColdStart
{
    private const int Runs = 15;

    private const string EmptyProject = """
        <Project Sdk="Microsoft.NET.Sdk.Web">
          <PropertyGroup><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings></PropertyGroup>
        </Project>
        """;

    private const string EmptyProgram = """
        var app = WebApplication.CreateBuilder(args).Build();
        app.MapGet("/", () => "Hello World!");
        app.Run();
        """;

    public static async Task RunAsync(string root)
    {
        var work = Directory.CreateTempSubdirectory("coldstart-");
        try
        {
            var empty = work.CreateSubdirectory("EmptyApi");
            await File.WriteAllTextAsync(Path.Combine(empty.FullName, "EmptyApi.csproj"), EmptyProject);
            await File.WriteAllTextAsync(Path.Combine(empty.FullName, "Program.cs"), EmptyProgram);
            var emptyApp = Publish(empty.FullName, Path.Combine(work.FullName, "empty"), "EmptyApi");
            var ourApp = Publish(Path.Combine(root, "src", "LocalHost"), Path.Combine(work.FullName, "ours"), "LocalHost");
            var ours = new List<double>();
            var theirs = new List<double>();
            for (var run = -1; run < Runs; run++)
            {
                // The first pair only warms the disk's cache. The order changes from pair to pair.
                var first = run % 2 == 0;
                var a = await MeasureAsync(first ? ourApp : emptyApp, first);
                var b = await MeasureAsync(first ? emptyApp : ourApp, !first);
                if (run >= 0)
                {
                    ours.Add(first ? a : b);
                    theirs.Add(first ? b : a);
                }
            }

            Console.WriteLine("| | median (ms) | min | max |");
            Console.WriteLine("| --- | ---: | ---: | ---: |");
            Print("LocalHost, first streamed answer", ours);
            Print("empty minimal API, first answer", theirs);
            Console.WriteLine(FormattableString.Invariant($"ratio of the medians: {Median(ours) / Median(theirs):F2}"));
        }
        finally
        {
            work.Delete(recursive: true);
        }
    }

    private static string Publish(string project, string output, string name)
    {
        string[] arguments = ["publish", project, "-c", "Release", "-r", "linux-x64", "--self-contained", "false", "-p:PublishReadyToRun=true", "-o", output, "-v", "q"];
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments))!;
        process.WaitForExit();
        return process.ExitCode == 0 ? Path.Combine(output, name) : throw new InvalidOperationException($"{project} was not published.");
    }

    private static async Task<double> MeasureAsync(string app, bool isOurs)
    {
        var port = ChildProcess.FreePort();
        var started = TimeProvider.System.GetTimestamp();
        // The sample's models, without its pauses.
        using var server = new ChildProcess(app, ["--urls", $"http://127.0.0.1:{port}"], port, new Dictionary<string, string>
        {
            ["Access__ApiKeys__0"] = Turn.Key,
            ["Models__0__Id"] = "demo",
            ["Models__0__Default"] = "true",
            ["Models__1__Id"] = "reception",
            ["Models__1__Responder"] = "scripted",
            ["Models__1__Script__0__When"] = @"\b(?<meal>breakfast|dinner)\b",
            ["Models__1__Script__0__Say"] = "Yes, {{match.meal}} is served in the garden room.",
        });
        using var client = await server.ConnectAsync();
        await client.GetStream().WriteAsync(isOurs ? Turn.Request() : Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"));
        await Turn.ReadToAsync(client.GetStream(), isOurs ? "[DONE]" : "Hello World!");
        return TimeProvider.System.GetElapsedTime(started).TotalMilliseconds;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static void Print(string what, List<double> values) =>
        Console.WriteLine(FormattableString.Invariant($"| {what} | {Median(values):F0} | {values.Min():F0} | {values.Max():F0} |"));
}
