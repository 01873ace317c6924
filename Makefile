# 闭环 Bihuan. `make run` starts it, `make test` proves it; `make help` lists the rest.
.DEFAULT_GOAL := help
.PHONY: help run setup setup-dev test lint bench assets locale lock clean pictures

PY := .venv/bin/python
ARGS ?=

help: ## 列出可用的命令 · list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

run: setup ## 装好、重放样例、打印数字、开始服务 · ARGS='--no-serve' | ARGS='--port 8080'
	@$(PY) -m bihuan demo $(ARGS)

setup:
	@sh tools/setup.sh run

setup-dev:
	@sh tools/setup.sh dev

test: setup-dev ## 全部检查与测试（SQLite，然后 PostgreSQL，含浏览器）· ARGS='tests/kernel' 只跑一部分
	@$(PY) -m tools.suite $(ARGS)

lint: setup-dev ## 只做静态检查 · ruff, mypy, import-linter, djade, migrations, locale
	@$(PY) -m tools.suite --lint-only

bench: setup-dev ## 测量并写入 docs/benchmarks.md · measure, on both engines
	@$(PY) -m bench $(ARGS)

assets: setup ## 重新构建前端资源 · rebuild scripts and styles
	@$(PY) -m tools.assets

locale: setup-dev ## 列出缺少英文的文字 · list texts that lack English
	@$(PY) -m tools.locale_check

lock: setup-dev ## 重写两份锁定文件 · ARGS='--upgrade' 升级
	@$(PY) -m tools.lock $(ARGS)

clean: ## 删除虚拟环境和缓存，保留 var/ 里的数据 · remove what can be made again
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis test-results

pictures: setup-dev ## 重新拍 README 里的图 · take the README's pictures anew
	@rm -rf test-results/screenshots && $(PY) -m pytest -q -m browser tests/browser/test_pictures.py
	@mkdir -p docs/pictures && for f in test-results/screenshots/readme-*.png; do n=$${f##*/readme-}; $(PY) -m tools.picture "$$f" "docs/pictures/$$n"; done
