using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Sonde.Benchmarks;
using Sonde.Benchmarks.Peers;

Sonde.Cli.EventThreads.ContinueInPlace();   // as the executable does
return args switch
{
    ["lab", .. var rest] => LabCommand.Run(rest),
    ["figures", .. var rest] => FiguresCommand.Run(rest),
    ["micro", .. var rest] => Measure(rest),
    [TcpConnectFigure.ListenerArgument] => Play(TcpConnectFigure.Listen),
    [DnsQueryFigure.ServerArgument] => Play(DnsQueryFigure.Serve),
    _ => Usage(),
};

static int Play(Action peer)
{
    peer();
    return 0;
}

static int Measure(string[] filters)
{
    // in this process: what BenchmarkDotNet would build instead has other settings than the product
    var config = DefaultConfig.Instance.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance));
    var names = filters.Length == 0 ? ["*"] : filters.Select(name => $"*{name}*").ToArray();
    BenchmarkSwitcher.FromAssembly(typeof(LabCommand).Assembly).Run(["--filter", .. names], config);
    return 0;
}

static int Usage()
{
    Console.Error.WriteLine("usage: lab [--hosts N] [--delay 20ms] … | figures [NAME…] [--runs N] [--quick] | micro [NAME…]");
    return 2;
}
